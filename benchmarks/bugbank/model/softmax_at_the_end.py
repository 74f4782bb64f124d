"""A softmax layer ends the network, and the cross-entropy takes another one."""

from __future__ import annotations

from torch import nn

ENTRY = {
    "target": "Net",
    "family": "softmax",
    "also": [],
    "component": "softmax",
    "first_bad_step": None,
    "source": "https://github.com/tflearn/tflearn/issues/562",
    "is_published": True,
    "twin": "right_mlp.py:MLP",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10), nn.Softmax(dim=1)
        )

    def forward(self, x):
        return self.net(x)
