"""Heads are split off by view alone, without swapping axes: each head sees pieces of several steps."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "SelfAttention",
    "like": "attention",
    "args": {"d_model": 12, "n_heads": 3},
    "declares": {},
    "family": "shape",
    "also": ["forward"],
    "component": "heads",
    "first_bad_step": None,
    "source": "common mistake",
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
        q, k, v = (w(x).view(n, self.h, t, self.dk) for w in (self.wq, self.wk, self.wv))
        out = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(self.dk), dim=-1) @ v
        return self.wo(out.reshape(n, t, d))
