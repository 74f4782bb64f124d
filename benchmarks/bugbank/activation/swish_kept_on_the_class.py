"""Swish that keeps its input on the class for the backward pass: a second layer overwrites it."""

ENTRY = {
    "target": "swish",
    "like": "swish",
    "args": {},
    "declares": {},
    "family": "state",
    "also": ["aliasing", "backward"],
    "component": "overwrites",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_swish_function.py:swish",
}

import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        Swish.saved = x
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        s = torch.sigmoid(Swish.saved)
        return grad_output * (s + Swish.saved * s * (1 - s))


def swish(x):
    return Swish.apply(x)
