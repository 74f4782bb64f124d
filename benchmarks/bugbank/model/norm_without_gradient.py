"""Mean and deviation are computed in a no_grad block."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "backward",
    "also": [],
    "component": "fc",
    "first_bad_step": None,
    "source": "catalogue 59",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Normalised(nn.Module):
    def forward(self, x):
        with torch.no_grad():
            mean = x.mean(dim=1, keepdim=True)
            std = x.std(dim=1, keepdim=True)
        return (x - mean) / (std + 1e-5)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 64), nn.Linear(64, 10)
        self.norm = Normalised()

    def forward(self, x):
        return self.fc2(F.relu(self.norm(self.fc1(x.flatten(1)))))
