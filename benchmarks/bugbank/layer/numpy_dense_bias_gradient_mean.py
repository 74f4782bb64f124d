"""The bias' gradient is the mean over the outputs, summed along the wrong axis and broadcast."""

import numpy as np

ENTRY = {
    "target": "Dense",
    "like": "linear",
    "args": {"n_in": 6, "n_out": 4},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "b",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_dense.py:Dense",
}


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = np.full_like(self.b, dout.sum(axis=1).mean())
        return dout.dot(self.W.T)
