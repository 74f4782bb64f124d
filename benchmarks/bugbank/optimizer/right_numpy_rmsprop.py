"""RMSprop in NumPy."""

ENTRY = {
    "target": "RMSprop",
    "like": "rmsprop",
    "args": {},
    "declares": {},
}

import numpy as np


class RMSprop:
    def __init__(self, params, learning_rate=0.001, rho=0.9, eps=1e-7):
        self.params, self.learning_rate, self.rho, self.eps = params, learning_rate, rho, eps
        self.mean_square = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for p, g, s in zip(self.params, grads, self.mean_square):
            s *= self.rho
            s += (1 - self.rho) * g * g
            p -= self.learning_rate * g / (np.sqrt(s) + self.eps)
