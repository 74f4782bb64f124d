"""Sinusoidal positions."""

import math

import torch
from torch import nn

ENTRY = {"target": "Positions", "like": "positional-encoding", "args": {"d_model": 8}, "declares": {}}


class Positions(nn.Module):
    def __init__(self, d_model, max_len=64):
        super().__init__()
        place = torch.arange(max_len).float().unsqueeze(1)
        rate = torch.exp(-math.log(10000.0) * torch.arange(0, d_model, 2).float() / d_model)
        table = torch.zeros(max_len, d_model)
        table[:, 0::2] = torch.sin(place * rate)
        table[:, 1::2] = torch.cos(place * rate)
        self.register_buffer("table", table)

    def forward(self, x):
        return x + self.table[: x.size(1)]
