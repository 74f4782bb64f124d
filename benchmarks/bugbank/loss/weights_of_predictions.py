"""Class weights that are looked up for the predicted class."""

ENTRY = {
    "target": "weighted_loss",
    "like": "cross-entropy",
    "args": {"weight": [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 0.2, 1.0, 1.0, 4.0]},
    "declares": {},
    "family": "sample-weight",
    "also": [],
    "component": "predicted",
    "first_bad_step": None,
    "source": "catalogue 83",
    "is_published": False,
    "twin": "right_weighted.py:WeightedCrossEntropy",
}

import torch


def weighted_loss(logits, labels, weight=None):
    losses = -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels]
    if weight is None:
        return losses.mean()
    weights = weight[logits.argmax(dim=1)]
    return (weights * losses).sum() / weights.sum()
