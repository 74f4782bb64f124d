"""Cross-entropy as the mean of one-hot times log-probabilities: ten times too small."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "reduction",
    "also": [],
    "component": "classes",
    "first_bad_step": None,
    "source": "catalogue 78",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch
from torch.nn import functional


def cross_entropy(logits, labels):
    one_hot = functional.one_hot(labels, logits.shape[1]).to(logits.dtype)
    return -(one_hot * torch.log_softmax(logits, dim=1)).mean()
