"""Swish whose backward pass has lost the first term of the product rule."""

ENTRY = {
    "target": "swish",
    "like": "swish",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "gradient",
    "first_bad_step": None,
    "source": "catalogue 39",
    "is_published": True,
    "twin": "right_swish_function.py:swish",
}

import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * x * s * (1 - s)


def swish(x):
    return Swish.apply(x)
