"""Cross-entropy as the logarithm of a softmax: infinite as soon as a probability underflows."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "logarithm",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch


def cross_entropy(logits, labels):
    probs = torch.softmax(logits, dim=1)
    return -torch.log(probs[torch.arange(len(labels)), labels]).mean()
