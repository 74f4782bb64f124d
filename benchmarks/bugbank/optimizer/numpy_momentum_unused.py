"""The velocity is formed and the raw gradient is used."""

ENTRY = {
    "target": "Momentum",
    "like": "momentum",
    "args": {},
    "declares": {},
    "family": "momentum",
    "also": ["ignored-option", "state"],
    "component": "gradient",
    "first_bad_step": 2,
    "source": "https://github.com/kozistr/pytorch_optimizer/issues/385",
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
            self.velocity[i] = self.momentum * self.velocity[i] - self.lr * g
            p -= self.lr * g
