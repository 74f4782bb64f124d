"""Focal loss of a softmax."""

ENTRY = {
    "target": "FocalLoss",
    "like": "focal",
    "args": {},
    "declares": {},
}

import torch
from torch import nn
from torch.nn import functional


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0, alpha=1.0):
        super().__init__()
        self.gamma, self.alpha = gamma, alpha

    def forward(self, logits, labels):
        ce = functional.cross_entropy(logits, labels, reduction="none")
        pt = torch.exp(-ce)
        return (self.alpha * (1 - pt) ** self.gamma * ce).mean()
