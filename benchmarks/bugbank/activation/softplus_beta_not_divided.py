"""Softplus with a beta by which the result is not divided again."""

ENTRY = {
    "target": "Softplus",
    "like": "softplus",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "beta",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_softplus.py:Softplus",
}

from torch import nn
from torch.nn import functional


class Softplus(nn.Module):
    def __init__(self, beta=1.0):
        super().__init__()
        self.beta = beta

    def forward(self, x):
        return functional.softplus(self.beta * x)
