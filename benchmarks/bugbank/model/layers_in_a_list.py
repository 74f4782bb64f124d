"""The hidden layers lie in a plain list: parameters() has only the last one."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "MLP",
    "family": "registration",
    "also": [],
    "component": "layers",
    "first_bad_step": None,
    "source": "catalogue 47",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class MLP(nn.Module):
    def __init__(self, widths=(784, 128, 64)):
        super().__init__()
        self.layers = [nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
        self.head = nn.Linear(widths[-1], 10)

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.head(x)
