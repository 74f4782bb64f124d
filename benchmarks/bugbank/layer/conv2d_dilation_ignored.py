"""The dilation is stored and never given to the unfolding."""

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Conv2d",
    "like": "conv2d",
    "args": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "padding": 1},
    "declares": {},
    "family": "ignored-option",
    "also": ["shape"],
    "component": "dilation",
    "first_bad_step": None,
    "source": "catalogue 43",
    "is_published": False,
    "twin": "right_conv2d.py:Conv2d",
}


class Conv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__()
        self.k, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, stride=self.stride, padding=self.padding)
