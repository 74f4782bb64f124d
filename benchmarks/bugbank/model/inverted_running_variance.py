"""The running average of the variance keeps the standard deviation."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "running-statistics",
    "also": ["forward", "train-eval-mode"],
    "component": "norm",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Norm2d(nn.Module):
    def __init__(self, c, momentum=0.1):
        super().__init__()
        self.gain, self.shift = nn.Parameter(torch.ones(1, c, 1, 1)), nn.Parameter(torch.zeros(1, c, 1, 1))
        self.register_buffer("mean", torch.zeros(1, c, 1, 1))
        self.register_buffer("var", torch.ones(1, c, 1, 1))
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            mean = x.mean((0, 2, 3), keepdim=True)
            var = x.var((0, 2, 3), keepdim=True)
            with torch.no_grad():
                self.mean.lerp_(mean, self.momentum)
                self.var.lerp_(var.sqrt(), self.momentum)
        else:
            mean, var = self.mean, self.var
        return self.gain * (x - mean) / (var + 1e-5).sqrt() + self.shift


class Net(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, c, 3, stride=2, bias=False), Norm2d(c)
        self.conv2, self.norm2 = nn.Conv2d(c, c, 3, stride=2, bias=False), Norm2d(c)
        self.head = nn.Linear(c * 36, 10)

    def forward(self, x):
        x = F.relu(self.norm1(self.conv1(x)))
        x = F.relu(self.norm2(self.conv2(x)))
        return self.head(x.flatten(1))
