"""A sequence is normalised over steps and features together: each step's output depends on the others."""

import torch
from torch import nn

ENTRY = {
    "target": "LayerNorm",
    "like": "layernorm",
    "args": {"d_model": 6},
    "declares": {},
    "family": "forward",
    "also": ["shape"],
    "component": "places",
    "first_bad_step": None,
    "source": "catalogue 58",
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
        axes = tuple(range(1, x.dim()))
        mean = x.mean(axes, keepdim=True)
        var = x.var(axes, keepdim=True, unbiased=False)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta
