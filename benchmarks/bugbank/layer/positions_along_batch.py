"""The table is sliced by the batch's size and added along the rows: steps all get the same position."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "Positions",
    "like": "positional-encoding",
    "args": {"d_model": 8},
    "declares": {"batch_first": "true"},
    "family": "batch-mixing",
    "also": ["forward", "order", "shape"],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_positions.py:Positions",
}


class Positions(nn.Module):
    def __init__(self, d_model, max_len=64):
        super().__init__()
        place = torch.arange(max_len).float().unsqueeze(1)
        rate = torch.exp(-math.log(10000.0) * torch.arange(0, d_model, 2).float() / d_model)
        table = torch.zeros(max_len, 1, d_model)
        table[:, 0, 0::2] = torch.sin(place * rate)
        table[:, 0, 1::2] = torch.cos(place * rate)
        self.register_buffer("table", table)

    def forward(self, x):
        return x + self.table[: x.size(0)]
