"""Sigmoid with a backward pass of its own."""

ENTRY = {
    "target": "Sigmoid",
    "like": "sigmoid",
    "args": {},
    "declares": {},
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
        return grad_output * y * (1 - y)
