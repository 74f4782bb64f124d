"""Sigmoid whose backward pass forgets the gradient that comes in: layers above it do not count."""

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
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return y * (1 - y)
