"""The bias is made, learns nothing, and is never added: the branch for it was lost in a rewrite."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "Linear",
    "like": "linear",
    "args": {"in_features": 6, "out_features": 4},
    "declares": {},
    "family": "forward",
    "also": ["registration"],
    "component": "bias",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_linear.py:Linear",
}


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, x):
        return x @ self.weight.t()
