"""Leaky ReLU that bends upwards on the negative side: the slope has the wrong sign."""

ENTRY = {
    "target": "leaky_relu",
    "like": "leaky-relu",
    "args": {},
    "declares": {},
    "family": "sign",
    "also": ["forward"],
    "component": "slope",
    "first_bad_step": None,
    "source": "catalogue 41",
    "is_published": False,
    "twin": "right_leaky_relu.py:leaky_relu",
}

import torch


def leaky_relu(x, negative_slope=0.01):
    return torch.where(x >= 0, x, -negative_slope * x)
