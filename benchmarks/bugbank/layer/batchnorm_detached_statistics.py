"""Mean and variance of the batch are computed under no_grad: the gradient of the input lacks two terms."""

import torch
from torch import nn

ENTRY = {
    "target": "BatchNorm1d",
    "like": "batchnorm",
    "args": {"num_features": 5},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "input",
    "first_bad_step": None,
    "source": "catalogue 59",
    "is_published": False,
    "twin": "right_batchnorm2d.py:BatchNorm2d",
}


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                mean, var = x.mean(0), x.var(0, unbiased=False)
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
