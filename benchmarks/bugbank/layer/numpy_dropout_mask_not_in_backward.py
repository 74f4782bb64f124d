"""Backward hands the gradient through as it is: dropped units learn from outputs that they did not make."""

import numpy as np

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"rate": 0.3},
    "declares": {},
    "family": "backward",
    "also": ["dropout-scaling"],
    "component": "input",
    "first_bad_step": None,
    "source": "catalogue 66",
    "is_published": False,
    "twin": "right_numpy_dropout.py:Dropout",
}


class Dropout:
    def __init__(self, rate=0.5):
        self.rate = rate

    def forward(self, x, training=True):
        if not training:
            return x
        mask = np.random.binomial(1, 1 - self.rate, size=x.shape) / (1 - self.rate)
        return x * mask

    def backward(self, dout):
        return dout
