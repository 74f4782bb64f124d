"""CELU that is ELU: x is not divided by alpha in the exponent, which alpha = 1 hides."""

ENTRY = {
    "target": "celu",
    "like": "celu",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "alpha",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_celu.py:celu",
}

import torch


def celu(x, alpha=1.0):
    return torch.clamp(x, min=0) + torch.clamp(alpha * torch.expm1(x), max=0)
