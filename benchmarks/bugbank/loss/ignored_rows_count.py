"""Rows to be ignored give no loss, and count in the mean all the same."""

ENTRY = {
    "target": "masked_loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "reduction",
    "also": ["sample-weight"],
    "component": "ignored",
    "first_bad_step": None,
    "source": "catalogue 83",
    "is_published": False,
    "twin": "right_weighted.py:WeightedCrossEntropy",
}

import torch


def masked_loss(logits, labels, ignore_index=-100):
    keep = labels != ignore_index
    safe = labels.clamp(min=0)
    losses = -torch.log_softmax(logits, dim=1).gather(1, safe[:, None])[:, 0]
    return (losses * keep).mean()
