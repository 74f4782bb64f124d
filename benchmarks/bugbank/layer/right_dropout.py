"""Inverted dropout."""

import torch
from torch import nn

ENTRY = {"target": "Dropout", "like": "dropout", "args": {"p": 0.3}, "declares": {}}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
