"""An inverted condition on a flag of its own, which train() never sets: nothing is ever dropped."""

import torch
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.4},
    "declares": {},
    "family": "dropout-scaling",
    "also": ["train-eval-mode"],
    "component": "dropped",
    "first_bad_step": None,
    "source": "catalogue 67",
    "is_published": False,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.is_training = False

    def forward(self, x):
        if not self.is_training:
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)
