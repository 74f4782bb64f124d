"""Divided by the variance, not by its root."""

import torch
from torch import nn

ENTRY = {
    "target": "LayerNorm",
    "like": "layernorm",
    "args": {"d_model": 6},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "root",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_layernorm.py:LayerNorm",
}


class LayerNorm(nn.Module):
    def __init__(self, d_model, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.gamma = nn.Parameter(torch.ones(d_model))
        self.beta = nn.Parameter(torch.zeros(d_model))

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        var = x.var(-1, keepdim=True, unbiased=False)
        return self.gamma * ((x - mean) / (var + self.eps)) + self.beta
