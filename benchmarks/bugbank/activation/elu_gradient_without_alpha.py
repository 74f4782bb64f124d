"""ELU's derivative is f(x) where x < 0: the alpha that has to be added is forgotten."""

ENTRY = {
    "target": "ELU",
    "like": "elu",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "derivative",
    "first_bad_step": None,
    "source": "https://github.com/eriklindernoren/ML-From-Scratch/issues/73",
    "is_published": True,
    "twin": "right_elu.py:ELU",
}

import numpy as np


class ELU:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def __call__(self, x):
        return np.where(x >= 0.0, x, self.alpha * (np.exp(np.minimum(x, 0.0)) - 1))

    def gradient(self, x):
        return np.where(x >= 0.0, 1.0, self.__call__(x))
