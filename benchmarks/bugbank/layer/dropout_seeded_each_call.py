"""The generator is seeded in forward, for reproducible runs: every batch gets the same mask."""

import torch
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.4},
    "declares": {},
    "family": "determinism",
    "also": ["dropout-scaling"],
    "component": "mask",
    "first_bad_step": None,
    "source": "catalogue 65",
    "is_published": False,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5, seed=0):
        super().__init__()
        self.p, self.seed = p, seed

    def forward(self, x):
        if not self.training:
            return x
        generator = torch.Generator().manual_seed(self.seed)
        mask = torch.rand(x.shape, generator=generator) >= self.p
        return x * mask.to(x.dtype) / (1 - self.p)
