"""The decay is added to the caller's gradient in place."""

ENTRY = {
    "target": "Momentum",
    "like": "momentum",
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "gradient",
    "first_bad_step": 1,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_momentum.py:Momentum",
}

import numpy as np


class Momentum:
    def __init__(self, params, lr=0.01, momentum=0.9, weight_decay=0.0):
        self.params, self.lr, self.momentum, self.weight_decay = params, lr, momentum, weight_decay
        self.velocity = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            g += self.weight_decay * p
            self.velocity[i] = self.momentum * self.velocity[i] - self.lr * g
            p += self.velocity[i]
