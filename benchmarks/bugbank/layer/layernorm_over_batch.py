"""Statistics are taken over the first axis: right for a batch norm, wrong for a layer norm."""

import torch
from torch import nn

ENTRY = {
    "target": "LayerNorm",
    "like": "layernorm",
    "args": {"d_model": 6},
    "declares": {},
    "family": "batch-mixing",
    "also": ["forward"],
    "component": "rows",
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
        mean = x.mean(0, keepdim=True)
        var = x.var(0, keepdim=True, unbiased=False)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta
