"""Two convolutions with batch normalisation, dropout and two linear layers."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {"target": "SmallCNN"}


class SmallCNN(nn.Module):
    def __init__(self, channels=16, p=0.3):
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, 2 * channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(2 * channels)
        self.fc1 = nn.Linear(2 * channels * 49, 64)
        self.fc2 = nn.Linear(64, 10)
        self.p = p

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.dropout(x, self.p, training=self.training)
        return self.fc2(x)
