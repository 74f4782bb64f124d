"""Focal loss with p in the place of 1 - p: easy examples count most."""

ENTRY = {
    "target": "FocalLoss",
    "like": "focal",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "easy",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_focal.py:FocalLoss",
}

import torch
from torch import nn
from torch.nn import functional


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma

    def forward(self, logits, labels):
        ce = functional.cross_entropy(logits, labels, reduction="none")
        pt = torch.exp(-ce)
        return (pt**self.gamma * ce).mean()
