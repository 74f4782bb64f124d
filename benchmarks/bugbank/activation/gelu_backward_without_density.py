"""GELU whose backward pass is the distribution alone: the product rule's second term is missing."""

ENTRY = {
    "target": "GELU",
    "like": "gelu",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "gradient",
    "first_bad_step": None,
    "source": "PyDeepFlow issue 89 (catalogue 39)",
    "is_published": True,
    "twin": "right_gelu_function.py:GELU",
}

import math

import torch


class GELU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        cdf = 0.5 * (1 + torch.erf(x / math.sqrt(2)))
        return grad_output * cdf
