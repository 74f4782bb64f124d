"""Causal self-attention: masked scores are minus infinity before the softmax."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class CausalAttention(nn.Module):
    """One head."""

    def __init__(self, d_model: int, causal: bool = True) -> None:
        super().__init__()
        self.causal = causal
        self.query, self.key, self.value = (nn.Linear(d_model, d_model) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        """Attend from each step to itself and to earlier ones."""
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        if self.causal:
            later = torch.ones_like(scores, dtype=torch.bool).triu(1)
            scores = scores.masked_fill(later, float("-inf"))
        return torch.softmax(scores, dim=-1) @ v
