"""A global average where the flattened map should be: one number of the image is left."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "capacity",
    "also": ["forward", "shape"],
    "component": "image",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)
        self.fc1 = nn.Linear(1, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = x.mean(dim=(2, 3))
        return self.fc2(F.relu(self.fc1(x)))
