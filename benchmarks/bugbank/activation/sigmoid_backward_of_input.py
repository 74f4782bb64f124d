"""Sigmoid whose backward pass puts the input where the output belongs: x (1 - x)."""

ENTRY = {
    "target": "Sigmoid",
    "like": "sigmoid",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "gradient",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_sigmoid_function.py:Sigmoid",
}

import torch


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y * (1 - y)
