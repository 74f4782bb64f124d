"""Cross-entropy that is a sum: gradients grow with the batch."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "reduction",
    "also": [],
    "component": "batch",
    "first_bad_step": None,
    "source": "catalogue 77",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

import torch


def cross_entropy(logits, labels):
    log_probs = torch.log_softmax(logits, dim=1)
    return -log_probs[torch.arange(len(labels)), labels].sum()
