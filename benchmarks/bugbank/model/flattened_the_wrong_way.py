"""The batch is transposed before it is flattened: pixels of different images share a row."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "batch-mixing",
    "also": ["shape"],
    "component": "view",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 64), nn.Linear(64, 10)

    def forward(self, x):
        x = x.permute(1, 2, 3, 0)
        x = x.reshape(-1, 784)
        return self.fc2(F.relu(self.fc1(x)))
