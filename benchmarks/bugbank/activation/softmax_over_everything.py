"""Softmax that divides by the sum over the whole batch: a sum without an axis."""

ENTRY = {
    "target": "softmax",
    "like": "softmax",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "sum",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_softmax.py:softmax",
}

import torch


def softmax(x):
    e = torch.exp(x - x.max(dim=1, keepdim=True).values)
    return e / e.sum()
