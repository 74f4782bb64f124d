"""Softplus as it stands in the book: the exponential is infinite for large inputs."""

ENTRY = {
    "target": "Softplus",
    "like": "softplus",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "overflows",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_softplus.py:Softplus",
}

import torch
from torch import nn


class Softplus(nn.Module):
    def __init__(self, beta=1.0):
        super().__init__()
        self.beta = beta

    def forward(self, x):
        return torch.log(1 + torch.exp(self.beta * x)) / self.beta
