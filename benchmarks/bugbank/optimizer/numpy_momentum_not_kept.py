"""The velocity is a local variable: it is zero at the start of each step, and this is plain SGD."""

ENTRY = {
    "target": "Momentum",
    "like": "momentum",
    "args": {},
    "declares": {},
    "family": "state",
    "also": ["momentum", "ignored-option"],
    "component": "kept",
    "first_bad_step": 2,
    "source": "https://github.com/modern-fortran/neural-fortran/issues/148",
    "is_published": True,
    "twin": "right_numpy_momentum.py:Momentum",
}

import numpy as np


class Momentum:
    def __init__(self, params, lr=0.01, momentum=0.9, weight_decay=0.0):
        self.params, self.lr, self.momentum, self.weight_decay = params, lr, momentum, weight_decay
        self.velocity = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            g = g + self.weight_decay * p
            velocity = np.zeros_like(p)
            velocity = self.momentum * velocity - self.lr * g
            p += velocity
