"""t_mult is stored and never used: all cycles are equally long."""

from __future__ import annotations

import math

import torch

ENTRY = {
    "target": "CosineRestarts",
    "like": "cosine-restarts",
    "args": {"t_0": 10, "t_mult": 2},
    "declares": {},
    "family": "schedule",
    "also": ["ignored-option"],
    "component": "T_mult",
    "first_bad_step": 11,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cosine_restarts.py:CosineRestarts",
}


class CosineRestarts(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, t_0, t_mult=1, eta_min=0.0, last_epoch=-1):
        self.t_0, self.t_mult, self.eta_min = t_0, t_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        wave = (1 + math.cos(math.pi * (self.last_epoch % self.t_0) / self.t_0)) / 2
        return [self.eta_min + (base - self.eta_min) * wave for base in self.base_lrs]
