"""The scheduler sets the rate only when it is stepped after the update: the very first update is made at the full rate."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "WarmupLinear",
    "like": "warmup-linear",
    "args": {"warmup_steps": 8, "total_steps": 50},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "first rate",
    "first_bad_step": 0,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_linear_warmup_decay.py:make_factor",
}


class WarmupLinear(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, warmup_steps, total_steps, last_epoch=-1):
        self.warmup_steps, self.total_steps = warmup_steps, total_steps
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        step = self.last_epoch
        if 0 < step < self.warmup_steps:
            part = step / self.warmup_steps
        else:
            part = max(0.0, (self.total_steps - step) / (self.total_steps - self.warmup_steps))
        return [base * min(part, 1.0) for base in self.base_lrs]
