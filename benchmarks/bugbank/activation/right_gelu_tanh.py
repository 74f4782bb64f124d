"""GELU by tanh."""

ENTRY = {
    "target": "gelu",
    "like": "gelu-tanh",
    "args": {},
    "declares": {},
}

import math

import torch


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x.pow(3))))
