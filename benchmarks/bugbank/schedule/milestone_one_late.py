""">  stands where >= is meant: the rate falls one step after each milestone."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "Milestones",
    "like": "multi-step",
    "args": {"milestones": [6, 9], "gamma": 0.1},
    "declares": {},
    "family": "schedule",
    "also": [],
    "component": "milestone",
    "first_bad_step": 6,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_multi_step.py:Milestones",
}


class Milestones(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        passed = sum(self.last_epoch > milestone for milestone in self.milestones)
        return [base * self.gamma**passed for base in self.base_lrs]
