"""A convolution on arrays by loops over the output's places."""

import numpy as np

ENTRY = {
    "target": "Conv",
    "like": "conv2d",
    "args": {"in_channels": 2, "out_channels": 3, "kernel_size": 3, "stride": 2, "padding": 1},
    "declares": {},
}


class Conv:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.stride, self.pad, self.k = stride, padding, kernel_size
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size) * 0.1
        self.b = np.zeros(out_channels)

    def forward(self, x):
        n, _, h, w = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (self.pad, self.pad), (self.pad, self.pad)))
        oh = (h + 2 * self.pad - self.k) // self.stride + 1
        ow = (w + 2 * self.pad - self.k) // self.stride + 1
        out = np.zeros((n, len(self.b), oh, ow))
        for i in range(oh):
            for j in range(ow):
                top, left = i * self.stride, j * self.stride
                patch = xp[:, :, top : top + self.k, left : left + self.k]
                out[:, :, i, j] = np.tensordot(patch, self.W, ((1, 2, 3), (1, 2, 3))) + self.b
        return out
