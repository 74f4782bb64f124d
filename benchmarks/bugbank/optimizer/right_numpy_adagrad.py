"""Adagrad in NumPy."""

ENTRY = {
    "target": "Adagrad",
    "like": "adagrad",
    "args": {},
    "declares": {},
}

import numpy as np


class Adagrad:
    def __init__(self, params, lr=0.01, eps=1e-8):
        self.params, self.lr, self.eps = params, lr, eps
        self.cache = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, g in enumerate(grads):
            self.cache[i] += g * g
            self.params[i] -= self.lr * g / (np.sqrt(self.cache[i]) + self.eps)
