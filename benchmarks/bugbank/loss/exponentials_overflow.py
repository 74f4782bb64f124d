"""Cross-entropy of arrays whose exponentials overflow: the largest logit is not subtracted."""

ENTRY = {
    "target": "softmax_loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "overflow",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_cross_entropy.py:softmax_loss",
}

import numpy as np


def softmax_loss(x, y):
    e = np.exp(x)
    probs = e / e.sum(axis=1, keepdims=True)
    n = x.shape[0]
    loss = -np.log(probs[np.arange(n), y]).mean()
    dx = probs.copy()
    dx[np.arange(n), y] -= 1
    return loss, dx / n
