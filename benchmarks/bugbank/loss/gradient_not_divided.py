"""Cross-entropy that averages, and whose gradient does not: it is too large by the batch size."""

ENTRY = {
    "target": "softmax_loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": ["reduction"],
    "component": "gradient",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_cross_entropy.py:softmax_loss",
}

import numpy as np


def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n = x.shape[0]
    loss = -log_probs[np.arange(n), y].mean()
    dx = np.exp(log_probs)
    dx[np.arange(n), y] -= 1
    return loss, dx
