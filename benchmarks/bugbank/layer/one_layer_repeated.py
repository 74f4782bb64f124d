"""[layer] * depth puts one layer into the list several times: there is one set of weights."""

import torch
from torch import nn

ENTRY = {
    "target": "Stack",
    "like": None,
    "args": {"dim": 6, "depth": 3},
    "declares": {},
    "family": "registration",
    "also": ["aliasing"],
    "component": "layers",
    "first_bad_step": None,
    "source": "catalogue 49",
    "is_published": False,
    "twin": "right_mlp_block.py:Stack",
}


class Stack(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim)] * depth)

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x
