"""A convolution by unfolding."""

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Conv2d",
    "like": "conv2d",
    "args": {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1},
    "declares": {},
}


class Conv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__()
        self.k, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        n, _, h, w = x.shape
        reach = self.dilation * (self.k - 1) + 1
        oh = (h + 2 * self.padding - reach) // self.stride + 1
        ow = (w + 2 * self.padding - reach) // self.stride + 1
        cols = F.unfold(x, self.k, dilation=self.dilation, padding=self.padding, stride=self.stride)
        out = self.weight.flatten(1) @ cols + self.bias[:, None]
        return out.view(n, -1, oh, ow)
