"""Kept units are divided by p instead of 1 - p: invisible at one half."""

import torch
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.5},
    "declares": {},
    "family": "dropout-scaling",
    "also": [],
    "component": "divided by the rate",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training and self.p > 0:
            mask = torch.rand(x.shape) >= self.p
            return x * mask / self.p
        return x
