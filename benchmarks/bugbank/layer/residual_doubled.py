"""The branch adds the input already, and the block adds it again."""

import torch
from torch import nn

ENTRY = {
    "target": "Block",
    "like": "residual",
    "args": {"channels": 4},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "twice",
    "first_bad_step": None,
    "source": "catalogue 50",
    "is_published": False,
    "twin": "right_residual.py:Block",
}


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def branch(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))

    def forward(self, x):
        return torch.relu(x + self.branch(x))
