"""Class weights [n] on losses [n, 1]: the product is [n, n] and its mean mixes all rows."""

ENTRY = {
    "target": "weighted_loss",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "shape",
    "also": ["sample-weight", "ignored-option", "reduction"],
    "component": "weight",
    "first_bad_step": None,
    "source": "catalogue 46",
    "is_published": False,
    "twin": "right_weighted.py:WeightedCrossEntropy",
}

import torch


def weighted_loss(logits, labels, weight=None):
    losses = -torch.log_softmax(logits, dim=1).gather(1, labels.view(-1, 1))
    if weight is None:
        return losses.mean()
    return (weight[labels] * losses).mean() / weight[labels].mean()
