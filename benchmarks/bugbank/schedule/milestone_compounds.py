"""The factor is applied to the current rate at every step after a milestone instead of to the base rate: the rate collapses."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "Milestones",
    "like": "multi-step",
    "args": {"milestones": [6, 9], "gamma": 0.5},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "again",
    "first_bad_step": 7,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_multi_step.py:Milestones",
}


class Milestones(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        passed = sum(self.last_epoch >= milestone for milestone in self.milestones)
        return [group["lr"] * self.gamma**passed for group in self.optimizer.param_groups]
