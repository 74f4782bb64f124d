"""Leaky ReLU that takes a slope and computes with 0.01 all the same."""

ENTRY = {
    "target": "LeakyReLU",
    "like": "leaky-relu",
    "args": {"negative_slope": 0.2},
    "declares": {},
    "family": "ignored-option",
    "also": [],
    "component": "negative_slope",
    "first_bad_step": None,
    "source": "catalogue 41",
    "is_published": False,
    "twin": "right_leaky_relu.py:leaky_relu",
}

import torch
from torch import nn


class LeakyReLU(nn.Module):
    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        return torch.max(x, 0.01 * x)
