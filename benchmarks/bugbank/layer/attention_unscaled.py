"""Scores are not divided by the root of a head's width."""

import torch
from torch import nn

ENTRY = {
    "target": "SelfAttention",
    "like": "attention",
    "args": {"d_model": 12, "n_heads": 3},
    "declares": {},
    "family": "forward",
    "also": ["softmax"],
    "component": "sqrt(d)",
    "first_bad_step": None,
    "source": "catalogue 51",
    "is_published": False,
    "twin": "right_attention.py:SelfAttention",
}


class SelfAttention(nn.Module):
    def __init__(self, d_model, n_heads):
        super().__init__()
        self.h, self.dk = n_heads, d_model // n_heads
        self.wq, self.wk, self.wv, self.wo = (nn.Linear(d_model, d_model) for _ in range(4))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (w(x).view(n, t, self.h, self.dk).transpose(1, 2) for w in (self.wq, self.wk, self.wv))
        out = torch.softmax(q @ k.transpose(-2, -1), dim=-1) @ v
        return self.wo(out.transpose(1, 2).reshape(n, t, d))
