"""The layers lie in a Python list: parameters() is empty, and only what comes after them learns."""

import torch
from torch import nn

ENTRY = {
    "target": "Stack",
    "like": None,
    "args": {"dim": 6, "depth": 3},
    "declares": {},
    "family": "registration",
    "also": [],
    "component": "layers",
    "first_bad_step": None,
    "source": "catalogue 47",
    "is_published": False,
    "twin": "right_mlp_block.py:Stack",
}


class Stack(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.layers = [nn.Linear(dim, dim) for _ in range(depth)]
        self.head = nn.Linear(dim, dim)

    def forward(self, x):
        for layer in self.layers:
            layer.to(x.dtype)
            x = torch.tanh(layer(x))
        return self.head(x)
