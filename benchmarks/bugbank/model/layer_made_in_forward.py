"""The projection is made in forward: new random weights in each call."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "registration",
    "also": ["train-eval-mode", "initialisation"],
    "component": "forward",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.hidden = hidden
        self.head = nn.Linear(hidden, 10)

    def forward(self, x):
        x = x.flatten(1)
        project = nn.Linear(x.shape[1], self.hidden)
        return self.head(torch.relu(project(x)))
