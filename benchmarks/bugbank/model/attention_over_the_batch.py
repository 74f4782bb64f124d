"""MultiheadAttention without batch_first: images attend to each other."""

from __future__ import annotations

from torch import nn

ENTRY = {
    "target": "RowTransformer",
    "family": "batch-mixing",
    "also": [],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_transformer.py:RowTransformer",
}


class RowTransformer(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.embed = nn.Linear(28, width)
        self.attention = nn.MultiheadAttention(width, 4)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.embed(x.squeeze(1))
        x = self.norm(x + self.attention(x, x, x)[0])
        return self.head(x.mean(dim=1))
