"""Multi-class hinge loss of arrays."""

ENTRY = {
    "target": "svm_loss",
    "like": "multi-margin",
    "args": {},
    "declares": {},
}

import numpy as np


def svm_loss(scores, y):
    n = scores.shape[0]
    correct = scores[np.arange(n), y][:, None]
    margins = np.maximum(0, scores - correct + 1.0)
    margins[np.arange(n), y] = 0
    dx = (margins > 0).astype(scores.dtype)
    dx[np.arange(n), y] = -dx.sum(axis=1)
    return margins.sum() / n, dx / n
