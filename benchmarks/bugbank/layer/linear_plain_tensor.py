"""The weight is a plain tensor that wants a gradient, no nn.Parameter: parameters() gives the bias alone."""

import torch
from torch import nn

ENTRY = {
    "target": "Linear",
    "like": "linear",
    "args": {"in_features": 6, "out_features": 4},
    "declares": {},
    "family": "registration",
    "also": [],
    "component": "weight",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_linear.py:Linear",
}


class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = (torch.randn(out_features, in_features) * 0.1).requires_grad_()
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.nn.functional.linear(x, self.weight.to(x.dtype), self.bias)
