"""Running mean and variance are plain attributes: a loaded network has fresh ones."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "registration",
    "also": ["running-statistics", "resume"],
    "component": "mean",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Norm(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.mean, self.var = torch.zeros(features), torch.ones(features)

    def forward(self, x):
        if self.training:
            mean, var = x.mean(0), x.var(0)
            self.mean = 0.9 * self.mean + 0.1 * mean.detach()
            self.var = 0.9 * self.var + 0.1 * var.detach()
            return (x - mean) / (var + 1e-5).sqrt()
        return (x - self.mean) / (self.var + 1e-5).sqrt()


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 64), Norm(64), nn.ReLU(), nn.Linear(64, 10))
