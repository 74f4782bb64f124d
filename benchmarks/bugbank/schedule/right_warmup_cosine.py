"""Linear warm-up, then a half cosine down to the lowest rate."""

from __future__ import annotations

import math

ENTRY = {
    "target": "warmup_cosine",
    "like": "warmup-cosine",
    "args": {"base_lr": 0.4, "warmup_steps": 10, "total_steps": 100},
    "declares": {},
}


def warmup_cosine(step, base_lr=0.1, warmup_steps=10, total_steps=100, min_lr=0.0):
    if step < warmup_steps:
        return base_lr * step / warmup_steps
    progress = min((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * progress))
