"""The base rate of the first group is used for all groups."""

from __future__ import annotations

import torch

ENTRY = {
    "target": "Milestones",
    "like": "multi-step",
    "args": {"milestones": [6, 9], "gamma": 0.1},
    "declares": {},
    "family": "parameter-groups",
    "also": [],
    "component": "group",
    "first_bad_step": 0,
    "source": "catalogue 26",
    "is_published": True,
    "twin": "right_multi_step.py:Milestones",
}


class Milestones(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        passed = sum(self.last_epoch >= milestone for milestone in self.milestones)
        return [self.base_lrs[0] * self.gamma**passed for _ in self.base_lrs]
