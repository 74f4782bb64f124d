"""The features are detached, left over from an experiment with a frozen backbone."""

from __future__ import annotations

from torch import nn

ENTRY = {
    "target": "Net",
    "family": "backward",
    "also": ["registration"],
    "component": "conv",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2), nn.ReLU()
        )
        self.head = nn.Linear(16 * 36, 10)

    def forward(self, x):
        features = self.conv(x).detach()
        return self.head(features.flatten(1))
