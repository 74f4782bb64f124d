"""The epsilon is an argument and a constant of the module's own is used."""

import torch
from torch import nn

ENTRY = {
    "target": "LayerNorm",
    "like": "layernorm",
    "args": {"d_model": 6},
    "declares": {},
    "family": "epsilon",
    "also": ["ignored-option"],
    "component": "eps",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_layernorm.py:LayerNorm",
}


class LayerNorm(nn.Module):
    def __init__(self, d_model, eps=1e-5):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(d_model))
        self.beta = nn.Parameter(torch.zeros(d_model))

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        var = x.var(-1, keepdim=True, unbiased=False)
        return self.gamma * (x - mean) / torch.sqrt(var + 1e-5) + self.beta
