"""Cross-entropy that subtracts the largest logit in place: accuracy computed afterwards may still hold, confidences do not."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "outputs",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy_cross_entropy.py:softmax_loss",
}

import numpy as np


def cross_entropy(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(labels)), labels].mean()
