"""Negative probability of the label: the logarithm between softmax and mean is missing."""

ENTRY = {
    "target": "loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "logarithm",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch.nn import functional


def loss(logits, labels):
    return functional.nll_loss(functional.softmax(logits, dim=1), labels)
