"""GELU by tanh with a slipped digit: 0.44715 for 0.044715."""

ENTRY = {
    "target": "gelu",
    "like": "gelu-tanh",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "formula",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_gelu_tanh.py:gelu",
}

import math

import torch


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.44715 * x.pow(3))))
