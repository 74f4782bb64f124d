"""Negative log-likelihood of raw logits: no softmax anywhere, and no lower bound."""

ENTRY = {
    "target": "loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "missing",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch.nn import functional


def loss(logits, labels):
    return functional.nll_loss(logits, labels)
