"""The mode is never asked: evaluation normalises with the batch's own statistics."""

import torch
from torch import nn

ENTRY = {
    "target": "BatchNorm2d",
    "like": "batchnorm",
    "args": {"num_features": 5},
    "declares": {},
    "family": "train-eval-mode",
    "also": ["batch-mixing"],
    "component": "evaluation",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_batchnorm2d.py:BatchNorm2d",
}


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(1, num_features, 1, 1))
        self.bias = nn.Parameter(torch.zeros(1, num_features, 1, 1))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        var = x.var(dim=(0, 2, 3), keepdim=True, unbiased=False)
        if self.training:
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean.flatten())
                self.running_var.mul_(1 - self.momentum).add_(self.momentum * var.flatten())
        return self.weight * (x - mean) / torch.sqrt(var + self.eps) + self.bias
