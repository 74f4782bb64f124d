"""PReLU whose weight is taken out of the graph: it never changes from 0.25."""

ENTRY = {
    "target": "PReLU",
    "like": "prelu",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": ["registration"],
    "component": "weight",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_prelu.py:PReLU",
}

import torch
from torch import nn


class PReLU(nn.Module):
    def __init__(self, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([init]))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight.item() * x)
