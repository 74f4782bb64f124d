"""The running statistics are computed into local names and never kept: evaluation uses zeros and ones."""

import torch
from torch import nn

ENTRY = {
    "target": "BatchNorm2d",
    "like": "batchnorm",
    "args": {"num_features": 5},
    "declares": {},
    "family": "running-statistics",
    "also": [],
    "component": "running_mean",
    "first_bad_step": 1,
    "source": "catalogue 53 (aprender #2166)",
    "is_published": True,
    "twin": "right_batchnorm2d.py:BatchNorm2d",
}


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            running_var = (1 - self.momentum) * self.running_var + self.momentum * var
            del running_mean, running_var
        else:
            mean, var = self.running_mean, self.running_var
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + self.eps)
        return x * self.weight[:, None, None] + self.bias[:, None, None]
