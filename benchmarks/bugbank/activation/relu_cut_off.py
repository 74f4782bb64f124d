"""ReLU that goes through .data: values are right, and no gradient comes back."""

ENTRY = {
    "target": "relu",
    "like": "relu",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "graph",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_relu_function.py:ReLU",
}

import torch


def relu(x):
    return torch.maximum(x.data, torch.zeros_like(x))
