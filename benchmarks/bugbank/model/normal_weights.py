"""Weights of deviation 1, whatever the number of inputs."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "MLP",
    "family": "initialisation",
    "also": [],
    "component": "deviation",
    "first_bad_step": None,
    "source": "catalogue 74",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class MLP(nn.Module):
    def __init__(self, widths=(784, 128, 64, 10)):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(torch.randn(a, b)) for a, b in zip(widths, widths[1:]))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(b)) for b in widths[1:])

    def forward(self, x):
        x = x.flatten(1)
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = x @ w + b
            if i < len(self.weights) - 1:
                x = torch.relu(x)
        return x
