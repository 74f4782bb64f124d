"""[block] * n repeats one block: the depth shares one set of weights."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "Deep",
    "family": "registration",
    "also": ["capacity"],
    "component": "blocks",
    "first_bad_step": None,
    "source": "catalogue 49",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Deep(nn.Module):
    def __init__(self, width=96, depth=4):
        super().__init__()
        self.first = nn.Linear(784, width)
        self.blocks = nn.ModuleList(
            [nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.ReLU())] * depth
        )
        self.last = nn.Linear(width, 10)

    def forward(self, x):
        x = torch.relu(self.first(x.flatten(1)))
        for block in self.blocks:
            x = x + block(x)
        return self.last(x)
