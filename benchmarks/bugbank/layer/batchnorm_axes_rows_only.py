"""Images are normalised over the rows of the batch alone: one mean for each pixel, not for each channel."""

import torch
from torch import nn

ENTRY = {
    "target": "BatchNorm2d",
    "like": "batchnorm2d",
    "args": {"num_features": 5},
    "declares": {},
    "family": "forward",
    "also": ["shape"],
    "component": "rows",
    "first_bad_step": None,
    "source": "catalogue 58",
    "is_published": False,
    "twin": "right_batchnorm2d.py:BatchNorm2d",
}


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(1, num_features, 1, 1))
        self.bias = nn.Parameter(torch.zeros(1, num_features, 1, 1))
        self.register_buffer("running_mean", torch.zeros(1, num_features, 1, 1))
        self.register_buffer("running_var", torch.ones(1, num_features, 1, 1))

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=0, keepdim=True)
            var = x.var(dim=0, keepdim=True, unbiased=False)
            with torch.no_grad():
                self.running_mean.mul_(0.9).add_(0.1 * mean.mean(dim=(2, 3), keepdim=True))
                self.running_var.mul_(0.9).add_(0.1 * var.mean(dim=(2, 3), keepdim=True))
        else:
            mean, var = self.running_mean, self.running_var
        return self.weight * (x - mean) / torch.sqrt(var + self.eps) + self.bias
