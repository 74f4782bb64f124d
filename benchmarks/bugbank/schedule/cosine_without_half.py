"""The factor one half is forgotten: training begins at twice the rate."""

from __future__ import annotations

import math

ENTRY = {
    "target": "cosine",
    "like": "cosine",
    "args": {"base_lr": 0.2, "total_steps": 50},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "half",
    "first_bad_step": 0,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cosine.py:cosine",
}


def cosine(step, base_lr=0.1, total_steps=100, eta_min=0.0):
    step = min(step, total_steps)
    return eta_min + (base_lr - eta_min) * (1 + math.cos(math.pi * step / total_steps))
