"""triu without its argument hides the diagonal too: a step cannot see itself, and the first sees nothing."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "SelfAttention",
    "like": "attention",
    "args": {"d_model": 12, "n_heads": 3, "causal": True},
    "declares": {},
    "family": "forward",
    "also": ["softmax"],
    "component": "mask",
    "first_bad_step": None,
    "source": "catalogue 51",
    "is_published": False,
    "twin": "right_attention.py:SelfAttention",
}


class SelfAttention(nn.Module):
    def __init__(self, d_model, n_heads, causal=False):
        super().__init__()
        self.h, self.dk, self.causal = n_heads, d_model // n_heads, causal
        self.wq, self.wk, self.wv, self.wo = (nn.Linear(d_model, d_model) for _ in range(4))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (w(x).view(n, t, self.h, self.dk).transpose(1, 2) for w in (self.wq, self.wk, self.wv))
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.dk)
        if self.causal:
            scores = scores + torch.triu(torch.full((t, t), -1e9))
        out = scores.softmax(-1) @ v
        return self.wo(out.transpose(1, 2).reshape(n, t, d))
