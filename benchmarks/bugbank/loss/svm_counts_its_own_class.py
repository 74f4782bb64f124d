"""Multi-class hinge loss that counts the label's own class: a 1 too much in each row."""

ENTRY = {
    "target": "svm_loss",
    "like": "multi-margin",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "own class",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_svm.py:svm_loss",
}

import numpy as np


def svm_loss(scores, y):
    n = scores.shape[0]
    correct = scores[np.arange(n), y][:, None]
    margins = np.maximum(0, scores - correct + 1.0)
    dx = (margins > 0).astype(scores.dtype)
    dx[np.arange(n), y] -= dx.sum(axis=1)
    return margins.sum() / n, dx / n
