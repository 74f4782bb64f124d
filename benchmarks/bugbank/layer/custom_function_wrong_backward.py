"""An autograd function whose backward forgets the inner derivative of its square."""

import torch
from torch import nn

ENTRY = {
    "target": "SquaredLinear",
    "like": None,
    "args": {"in_features": 5, "out_features": 4},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "input",
    "first_bad_step": None,
    "source": "catalogue 39",
    "is_published": False,
    "twin": "right_linear.py:Linear",
}


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x


class SquaredLinear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)

    def forward(self, x):
        return Square.apply(self.linear(x))
