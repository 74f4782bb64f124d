"""The mask has the shape of one row and is broadcast over the batch."""

import torch
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.4},
    "declares": {},
    "family": "dropout-scaling",
    "also": ["batch-mixing", "determinism"],
    "component": "mask",
    "first_bad_step": None,
    "source": "catalogue 65",
    "is_published": False,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        keep = 1 - self.p
        mask = torch.rand(x.shape[1:], device=x.device) < keep
        return x * mask / keep
