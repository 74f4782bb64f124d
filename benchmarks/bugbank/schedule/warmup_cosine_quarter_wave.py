"""The half wave became a quarter wave: cos(pi / 2 progress). It falls too slowly at first, too fast at last."""

from __future__ import annotations

import math

ENTRY = {
    "target": "WarmupCosine",
    "like": "warmup-cosine",
    "args": {"base_lr": 0.4, "warmup_steps": 10, "total_steps": 60, "min_lr": 0.001},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "quarter",
    "first_bad_step": 11,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_warmup_cosine.py:warmup_cosine",
}


class WarmupCosine:
    def __init__(self, base_lr, warmup_steps, total_steps, min_lr=0.0):
        self.base_lr, self.warmup_steps = base_lr, warmup_steps
        self.total_steps, self.min_lr = total_steps, min_lr

    def __call__(self, step):
        if step < self.warmup_steps:
            return self.base_lr * (step + 1) / self.warmup_steps
        progress = (step - self.warmup_steps) / (self.total_steps - self.warmup_steps)
        return self.min_lr + (self.base_lr - self.min_lr) * math.cos(0.5 * math.pi * progress)
