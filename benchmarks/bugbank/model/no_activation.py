"""The activations are made in __init__ and never called: three layers are one linear map."""

from __future__ import annotations

from torch import nn

ENTRY = {
    "target": "MLP",
    "family": "capacity",
    "also": ["forward"],
    "component": "activation",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(784, 256), nn.Linear(256, 64), nn.Linear(64, 10)
        self.act = nn.ReLU()

    def forward(self, x):
        x = x.flatten(1)
        x = self.fc1(x)
        x = self.fc2(x)
        return self.fc3(x)
