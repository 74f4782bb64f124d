"""track_running_stats=False: evaluation normalises with the batch's statistics."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "train-eval-mode",
    "also": ["batch-mixing", "running-statistics"],
    "component": "bn",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Net(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.conv = nn.Conv2d(1, c, 3, stride=2)
        self.bn = nn.BatchNorm2d(c, track_running_stats=False)
        self.head = nn.Linear(c * 13 * 13, 10)

    def forward(self, x):
        return self.head(F.relu(self.bn(self.conv(x))).flatten(1))
