"""Focal loss whose factor is that of the mean cross-entropy: reduction='none' is missing."""

ENTRY = {
    "target": "FocalLoss",
    "like": "focal",
    "args": {},
    "declares": {},
    "family": "reduction",
    "also": [],
    "component": "mean",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_focal.py:FocalLoss",
}

import torch
from torch import nn
from torch.nn import functional


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0, alpha=1.0):
        super().__init__()
        self.gamma, self.alpha = gamma, alpha

    def forward(self, logits, labels):
        ce = functional.cross_entropy(logits, labels)
        pt = torch.exp(-ce)
        return self.alpha * (1 - pt) ** self.gamma * ce
