"""Multi-head self-attention with an optional causal mask."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "SelfAttention",
    "like": "attention",
    "args": {"d_model": 12, "n_heads": 3, "causal": True},
    "declares": {},
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
            mask = torch.ones(t, t, dtype=torch.bool, device=x.device).triu(1)
            scores = scores.masked_fill(mask, float("-inf"))
        out = scores.softmax(-1) @ v
        return self.wo(out.transpose(1, 2).reshape(n, t, d))
