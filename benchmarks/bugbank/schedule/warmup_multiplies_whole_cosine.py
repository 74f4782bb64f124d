"""The warm-up's part multiplies a cosine that began at step 0: the full rate is never reached.

Two LambdaLR factors multiplied, as two schedules stepped together do."""

from __future__ import annotations

import math

ENTRY = {
    "target": "warmup_cosine",
    "like": "warmup-cosine",
    "args": {"base_lr": 0.4, "warmup_steps": 20, "total_steps": 100},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "warm-up",
    "first_bad_step": None,
    "source": "catalogue 34",
    "is_published": True,
    "twin": "right_warmup_cosine.py:warmup_cosine",
}


def warmup_cosine(step, base_lr=0.1, warmup_steps=10, total_steps=100, min_lr=0.0):
    warm = min((step + 1) / warmup_steps, 1.0)
    cosine = 0.5 * (1 + math.cos(math.pi * min(step / total_steps, 1.0)))
    return warm * (min_lr + (base_lr - min_lr) * cosine)
