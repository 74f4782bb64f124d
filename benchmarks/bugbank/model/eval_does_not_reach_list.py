"""Dropout layers in a plain list never hear of eval()."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "registration",
    "also": ["train-eval-mode"],
    "component": "list",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self, width=100):
        super().__init__()
        self.fc = nn.ModuleList([nn.Linear(784, width), nn.Linear(width, width)])
        self.drop = [nn.Dropout(0.2), nn.Dropout(0.5)]
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = x.flatten(1)
        for layer, drop in zip(self.fc, self.drop):
            x = drop(F.relu(layer(x)))
        return self.head(x)
