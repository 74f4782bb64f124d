"""Mish with a sigmoid in the place of softplus."""

ENTRY = {
    "target": "Mish",
    "like": "mish",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "formula",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mish.py:Mish",
}

import torch
from torch import nn


class Mish(nn.Module):
    def forward(self, x):
        return x * torch.tanh(torch.sigmoid(x))
