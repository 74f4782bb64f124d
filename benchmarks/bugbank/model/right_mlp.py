"""Three linear layers."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {"target": "MLP"}


class MLP(nn.Module):
    def __init__(self, widths=(784, 128, 64, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
