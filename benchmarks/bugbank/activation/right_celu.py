"""CELU as a function."""

ENTRY = {
    "target": "celu",
    "like": "celu",
    "args": {"alpha": 0.5},
    "declares": {},
}

import torch


def celu(x, alpha=1.0):
    return torch.clamp(x, min=0) + torch.clamp(alpha * torch.expm1(x / alpha), max=0)
