"""Cosine annealing with warm restarts as a torch scheduler; each cycle is t_mult times as long as the one before."""

from __future__ import annotations

import math

import torch

ENTRY = {
    "target": "CosineRestarts",
    "like": "cosine-restarts",
    "args": {"t_0": 10, "t_mult": 2},
    "declares": {},
}


class CosineRestarts(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, t_0, t_mult=1, eta_min=0.0, last_epoch=-1):
        self.t_0, self.t_mult, self.eta_min = t_0, t_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        t, length = self.last_epoch, self.t_0
        while t >= length:
            t -= length
            length *= self.t_mult
        wave = (1 + math.cos(math.pi * t / length)) / 2
        return [self.eta_min + (base - self.eta_min) * wave for base in self.base_lrs]
