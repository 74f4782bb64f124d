"""Cross-entropy without its minus sign: the smaller, the worse."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "sign",
    "also": [],
    "component": "sign",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch


def cross_entropy(logits, labels):
    return torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()
