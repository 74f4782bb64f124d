"""Cross-entropy whose softmax runs over the batch: dim=0."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": ["batch-mixing"],
    "component": "batch",
    "first_bad_step": None,
    "source": "catalogue 37",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch
from torch.nn import functional


def cross_entropy(logits, labels):
    return functional.nll_loss(torch.log_softmax(logits, dim=0), labels)
