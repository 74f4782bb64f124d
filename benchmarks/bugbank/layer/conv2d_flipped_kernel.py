"""The kernel is flipped, as the convolution of signal processing has it: imported weights are then wrong."""

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Conv2d",
    "like": "conv2d",
    "args": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "flipped",
    "first_bad_step": None,
    "source": "catalogue 42",
    "is_published": False,
    "twin": "right_conv2d.py:Conv2d",
}


class Conv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        self.stride, self.padding = stride, padding
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        kernel = torch.flip(self.weight, dims=(2, 3))
        return F.conv2d(x, kernel, self.bias, self.stride, self.padding)
