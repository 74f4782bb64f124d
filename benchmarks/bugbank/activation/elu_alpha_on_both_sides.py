"""ELU with alpha around the whole expression: it scales positive inputs too, unseen while alpha is 1."""

ENTRY = {
    "target": "ELU",
    "like": "elu",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "alpha",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_elu_module.py:ELU",
}

import torch
from torch import nn


class ELU(nn.Module):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        return self.alpha * torch.where(x > 0, x, torch.expm1(x))
