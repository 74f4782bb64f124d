"""Kept units are not scaled in training, and nothing makes up for it in evaluation."""

import torch
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.5},
    "declares": {},
    "family": "dropout-scaling",
    "also": [],
    "component": "scaled",
    "first_bad_step": None,
    "source": "catalogue 63 (LBANN #3)",
    "is_published": True,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * torch.bernoulli(torch.full_like(x, 1 - self.p))
