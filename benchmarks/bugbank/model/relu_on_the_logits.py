"""The loop over the layers puts a ReLU behind the last one too."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "MLP",
    "family": "forward",
    "also": ["capacity"],
    "component": "relu",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class MLP(nn.Module):
    def __init__(self, widths=(784, 128, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = F.relu(layer(x))
        return x
