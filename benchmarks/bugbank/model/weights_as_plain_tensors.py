"""The first layer's weights are tensors with requires_grad, not Parameters."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "registration",
    "also": [],
    "component": "w1",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self, hidden=100):
        super().__init__()
        self.w1 = (torch.randn(784, hidden) / 28).requires_grad_()
        self.b1 = torch.zeros(hidden, requires_grad=True)
        self.out = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.out(F.relu(x.flatten(1) @ self.w1 + self.b1))
