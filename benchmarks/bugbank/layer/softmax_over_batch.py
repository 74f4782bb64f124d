"""A gate whose softmax runs over the batch: rows of a batch compete with each other."""

import torch
from torch import nn

ENTRY = {
    "target": "Gate",
    "like": None,
    "args": {"dim": 6},
    "declares": {},
    "family": "batch-mixing",
    "also": ["softmax"],
    "component": "row",
    "first_bad_step": None,
    "source": "catalogue 37",
    "is_published": False,
    "twin": "right_mlp_block.py:Stack",
}


class Gate(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Linear(dim, dim)

    def forward(self, x):
        return x * torch.softmax(self.score(x), dim=0)
