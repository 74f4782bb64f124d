"""The mask multiplies the weights after the softmax: rows no longer sum to one, the future leaks into the sum."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "Head",
    "like": "attention",
    "args": {"n_embd": 8, "causal": True},
    "declares": {},
    "family": "softmax",
    "also": ["forward"],
    "component": "mask",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_attention.py:SelfAttention",
}


class Head(nn.Module):
    def __init__(self, n_embd, causal=True):
        super().__init__()
        self.causal = causal
        self.qkv = nn.Linear(n_embd, 3 * n_embd)
        self.proj = nn.Linear(n_embd, n_embd)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        weights = torch.softmax(q @ k.mT / math.sqrt(k.shape[-1]), dim=-1)
        if self.causal:
            weights = weights * torch.tril(torch.ones_like(weights))
        return self.proj(weights @ v)
