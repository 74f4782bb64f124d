"""The softmax runs along the queries: weights of a query do not sum to one."""

import math

import torch
from torch import nn

ENTRY = {
    "target": "SelfAttention",
    "like": "attention",
    "args": {"embed_dim": 8},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "softmax",
    "first_bad_step": None,
    "source": "catalogue 37",
    "is_published": False,
    "twin": "right_attention.py:SelfAttention",
}


class SelfAttention(nn.Module):
    def __init__(self, embed_dim):
        super().__init__()
        self.query = nn.Linear(embed_dim, embed_dim, bias=False)
        self.key = nn.Linear(embed_dim, embed_dim, bias=False)
        self.value = nn.Linear(embed_dim, embed_dim, bias=False)

    def forward(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]), dim=1)
        return weights @ v
