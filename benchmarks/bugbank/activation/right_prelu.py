"""PReLU as a module."""

ENTRY = {
    "target": "PReLU",
    "like": "prelu",
    "args": {},
    "declares": {},
}

import torch
from torch import nn


class PReLU(nn.Module):
    def __init__(self, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([init]))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)
