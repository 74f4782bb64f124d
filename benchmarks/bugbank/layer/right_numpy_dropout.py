"""Inverted dropout on arrays with its backward."""

import numpy as np

ENTRY = {"target": "Dropout", "like": "dropout", "args": {"rate": 0.3}, "declares": {}}


class Dropout:
    def __init__(self, rate=0.5):
        self.rate = rate

    def forward(self, x, training=True):
        if not training:
            self.mask = np.ones_like(x)
            return x
        self.mask = np.random.binomial(1, 1 - self.rate, size=x.shape) / (1 - self.rate)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
