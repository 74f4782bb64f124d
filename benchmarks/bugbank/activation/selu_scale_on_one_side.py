"""SELU whose scale reaches the positive side only: brackets are missing."""

ENTRY = {
    "target": "selu",
    "like": "selu",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "x < 0",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_selu.py:selu",
}

import torch


def selu(x):
    alpha = 1.6732632423543772
    scale = 1.0507009873554805
    return torch.where(x > 0, scale * x, alpha * (torch.exp(torch.clamp(x, max=0)) - 1))
