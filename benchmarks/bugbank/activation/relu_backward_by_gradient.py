"""ReLU whose backward pass clips the gradient where it is negative, not where the input is."""

ENTRY = {
    "target": "ReLU",
    "like": "relu",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "gradient",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_relu_function.py:ReLU",
}

import torch


class ReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        grad = grad_output.clone()
        grad[grad_output < 0] = 0
        return grad
