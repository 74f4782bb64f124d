"""The cosine's progress counts from step 0, so it has already fallen when the warm-up ends: the rate jumps there.

Written when the warm-up was added in front of an existing cosine."""

from __future__ import annotations

import math

ENTRY = {
    "target": "warmup_cosine",
    "like": "warmup-cosine",
    "args": {"base_lr": 0.4, "warmup_steps": 10, "total_steps": 100},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "warm-up",
    "first_bad_step": 10,
    "source": "catalogue 34",
    "is_published": True,
    "twin": "right_warmup_cosine.py:warmup_cosine",
}


def warmup_cosine(step, base_lr=0.1, warmup_steps=10, total_steps=100, min_lr=0.0):
    if step < warmup_steps:
        return base_lr * step / warmup_steps
    progress = min(step / total_steps, 1.0)
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * progress))
