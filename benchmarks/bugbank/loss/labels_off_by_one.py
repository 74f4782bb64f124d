"""Cross-entropy that counts classes from one."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "labels",
    "also": [],
    "component": "class",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch


def cross_entropy(logits, labels):
    log_probs = torch.log_softmax(logits, dim=1)
    return -log_probs[torch.arange(len(labels)), labels - 1].mean()
