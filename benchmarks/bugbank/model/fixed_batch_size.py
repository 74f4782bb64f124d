"""The batch size of training is written into the reshape."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "shape",
    "also": ["batch-mixing"],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


BATCH_SIZE = 64


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5, stride=2)
        self.fc = nn.Linear(8 * 144, 10)

    def forward(self, x):
        x = F.relu(self.conv(x))
        return self.fc(x.view(BATCH_SIZE, -1))
