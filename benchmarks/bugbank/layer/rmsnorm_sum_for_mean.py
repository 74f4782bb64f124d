"""The squares are summed, not averaged: outputs are smaller by the root of the width."""

import torch
from torch import nn

ENTRY = {
    "target": "RMSNorm",
    "like": "rmsnorm",
    "args": {"dim": 6},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "sum",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_rmsnorm.py:RMSNorm",
}


class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).sum(-1, keepdim=True) + self.eps)
