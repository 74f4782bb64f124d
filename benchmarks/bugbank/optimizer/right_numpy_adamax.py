"""AdaMax in NumPy."""

ENTRY = {
    "target": "AdaMax",
    "like": "adamax",
    "args": {},
    "declares": {},
}

import numpy as np


class AdaMax:
    def __init__(self, params, lr=0.002, b1=0.9, b2=0.999, eps=1e-8):
        self.params, self.lr, self.b1, self.b2, self.eps = params, lr, b1, b2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.u = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        rate = self.lr / (1 - self.b1**self.t)
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g
            self.u[i] = np.maximum(self.b2 * self.u[i], np.abs(g))
            p -= rate * self.m[i] / (self.u[i] + self.eps)
