"""torch's var divides by n - 1 unless told otherwise; groups of few pixels are shrunk."""

import torch
from torch import nn

ENTRY = {
    "target": "GroupNorm",
    "like": "groupnorm",
    "args": {"num_groups": 2, "num_channels": 6},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "n - 1",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_groupnorm.py:GroupNorm",
}


class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.groups, self.eps = num_groups, eps
        self.weight = nn.Parameter(torch.ones(num_channels))
        self.bias = nn.Parameter(torch.zeros(num_channels))

    def forward(self, x):
        n, c, h, w = x.shape
        g = x.view(n, self.groups, -1)
        g = (g - g.mean(-1, keepdim=True)) / (g.var(-1, keepdim=True) + self.eps).sqrt()
        return g.view(n, c, h, w) * self.weight.view(1, c, 1, 1) + self.bias.view(1, c, 1, 1)
