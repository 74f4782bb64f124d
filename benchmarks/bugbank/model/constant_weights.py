"""All weights begin with the same constant: all hidden units stay one unit."""

from __future__ import annotations

from torch import nn

ENTRY = {
    "target": "MLP",
    "family": "initialisation",
    "also": ["capacity"],
    "component": "units",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


def start(module):
    if isinstance(module, nn.Linear):
        nn.init.constant_(module.weight, 0.01)
        nn.init.zeros_(module.bias)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 50), nn.ReLU(), nn.Linear(50, 10)
        )
        self.apply(start)

    def forward(self, x):
        return self.net(x)
