"""The weight is used through .data, to be quick: no gradient ever reaches it."""

import torch
from torch import nn

ENTRY = {
    "target": "Linear",
    "like": "linear",
    "args": {"in_features": 6, "out_features": 4},
    "declares": {},
    "family": "backward",
    "also": ["registration"],
    "component": "weight",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_linear.py:Linear",
}


class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / in_features**0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return torch.matmul(x, self.weight.data.t()) + self.bias
