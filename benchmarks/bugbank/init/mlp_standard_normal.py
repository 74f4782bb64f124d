"""Weights are N(0, 1): the loss of the untrained network is far beyond ln 10."""

import torch
from torch import nn

ENTRY = {
    "target": "MLP",
    "like": "he-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "N(0, 1)",
    "first_bad_step": None,
    "source": "catalogue 74",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(784, 128))
        self.w2 = nn.Parameter(torch.randn(128, 10))

    def forward(self, x):
        return (x.flatten(1) @ self.w1).relu() @ self.w2
