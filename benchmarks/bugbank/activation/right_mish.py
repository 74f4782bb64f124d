"""Mish as a module."""

ENTRY = {
    "target": "Mish",
    "like": "mish",
    "args": {},
    "declares": {},
}

import torch
from torch import nn
from torch.nn import functional


class Mish(nn.Module):
    def forward(self, x):
        return x * torch.tanh(functional.softplus(x))
