"""A dense layer on arrays with its backward."""

import numpy as np

ENTRY = {"target": "Dense", "like": "linear", "args": {"n_in": 6, "n_out": 4}, "declares": {}}


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = dout.sum(axis=0)
        return dout.dot(self.W.T)
