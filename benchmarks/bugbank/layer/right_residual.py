"""A residual block."""

import torch
from torch import nn

ENTRY = {"target": "Block", "like": "residual", "args": {"channels": 4}, "declares": {}}


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x):
        return torch.relu(x + self.body(x))
