"""A BatchNorm of one's own: running statistics are assigned to a local name."""

from __future__ import annotations

import torch
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "running-statistics",
    "also": ["train-eval-mode"],
    "component": "norm",
    "first_bad_step": None,
    "source": "catalogue 53",
    "is_published": False,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Norm(nn.Module):
    def __init__(self, features, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        running_mean, running_var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            running_mean = (1 - self.momentum) * running_mean + self.momentum * mean.detach()
            running_var = (1 - self.momentum) * running_var + self.momentum * var.detach()
        else:
            mean, var = running_mean, running_var
        return self.weight * (x - mean) / torch.sqrt(var + self.eps) + self.bias


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 80)
        self.norm = Norm(80)
        self.fc2 = nn.Linear(80, 10)

    def forward(self, x):
        return self.fc2(torch.relu(self.norm(self.fc1(x.flatten(1)))))
