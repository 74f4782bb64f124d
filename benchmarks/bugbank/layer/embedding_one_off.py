"""Index 0 is kept for padding without adding a row: every index reads its neighbour, the last wraps around."""

import torch
from torch import nn

ENTRY = {
    "target": "Embedding",
    "like": "embedding",
    "args": {"num_embeddings": 9, "embedding_dim": 4},
    "declares": {},
    "family": "forward",
    "also": ["order"],
    "component": "index",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_embedding.py:Embedding",
}


class Embedding(nn.Module):
    def __init__(self, num_embeddings, embedding_dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_embeddings, embedding_dim))

    def forward(self, indices):
        return self.weight[indices - 1]
