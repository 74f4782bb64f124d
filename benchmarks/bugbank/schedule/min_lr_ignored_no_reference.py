"""Takes min_lr and decays to zero all the same."""

from __future__ import annotations

import math

ENTRY = {
    "target": "cosine_lr",
    "like": None,
    "args": {"lr": 0.2, "total_steps": 50, "min_lr": 0.02},
    "declares": {},
    "family": "schedule",
    "also": ["ignored-option"],
    "component": "lowest rate",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cosine.py:cosine",
}


def cosine_lr(step, lr=0.1, total_steps=100, min_lr=1e-3):
    return lr * 0.5 * (1 + math.cos(math.pi * step / total_steps))
