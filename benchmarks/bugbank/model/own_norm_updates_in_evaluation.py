"""Running statistics go on moving in evaluation mode."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "train-eval-mode",
    "also": ["running-statistics", "leakage"],
    "component": "running",
    "first_bad_step": None,
    "source": "catalogue 57",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Norm(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x):
        mean, var = x.mean(0), x.var(0)
        with torch.no_grad():
            self.running_mean.lerp_(mean, 0.1)
            self.running_var.lerp_(var, 0.1)
        if not self.training:
            mean, var = self.running_mean, self.running_var
        return (x - mean) * torch.rsqrt(var + 1e-5)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), Norm(64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.body(x)
