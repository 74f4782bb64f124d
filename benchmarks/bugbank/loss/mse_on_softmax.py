"""Squared error of probabilities, where outputs should be held against one-hot rows themselves."""

ENTRY = {
    "target": "mse_loss",
    "like": "mse",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "softmax",
    "first_bad_step": None,
    "source": "catalogue 82",
    "is_published": False,
    "twin": "right_mse.py:mse_loss",
}

import torch
from torch.nn import functional


def mse_loss(outputs, labels):
    wanted = functional.one_hot(labels, outputs.shape[1]).to(outputs.dtype)
    return ((torch.softmax(outputs, dim=1) - wanted) ** 2).mean()
