"""A linear layer on torch tensors."""

import math

import torch
from torch import nn

ENTRY = {"target": "Linear", "like": "linear", "args": {"in_features": 6, "out_features": 4}, "declares": {}}


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, x):
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias
