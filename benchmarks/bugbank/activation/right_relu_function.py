"""ReLU with a backward pass of its own."""

ENTRY = {
    "target": "ReLU",
    "like": "relu",
    "args": {},
    "declares": {},
}

import torch


class ReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        grad = grad_output.clone()
        grad[x <= 0] = 0
        return grad
