"""A half cosine from the base rate down to eta_min."""

from __future__ import annotations

import math

ENTRY = {
    "target": "cosine",
    "like": "cosine",
    "args": {"base_lr": 0.2, "total_steps": 50, "eta_min": 0.02},
    "declares": {},
}


def cosine(step, base_lr=0.1, total_steps=100, eta_min=0.0):
    step = min(step, total_steps)
    return eta_min + 0.5 * (base_lr - eta_min) * (1 + math.cos(math.pi * step / total_steps))
