"""log_softmax is put behind a softmax that was already there."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "softmax",
    "also": ["capacity"],
    "component": "softmax",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x.view(x.size(0), -1)))
        probabilities = F.softmax(self.fc2(x), dim=1)
        return F.log_softmax(probabilities, dim=1)
