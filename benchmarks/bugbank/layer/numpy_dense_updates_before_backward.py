"""Backward first steps the weights and then passes the gradient on through the new ones."""

import numpy as np

ENTRY = {
    "target": "Dense",
    "like": "linear",
    "args": {"n_in": 6, "n_out": 4},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "input",
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

    def backward(self, dout, lr):
        self.W -= lr * self.x.T.dot(dout)
        self.b -= lr * dout.sum(axis=0)
        return dout.dot(self.W.T)
