"""Class weights whose mean divides by the number of rows, where torch's weighted mean is meant."""

ENTRY = {
    "target": "WeightedCrossEntropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {"weighted_mean": "weights"},
    "family": "sample-weight",
    "also": ["reduction"],
    "component": "weight",
    "first_bad_step": None,
    "source": "catalogue 83",
    "is_published": False,
    "twin": "right_weighted.py:WeightedCrossEntropy",
}

import torch
from torch import nn


class WeightedCrossEntropy(nn.Module):
    def __init__(self, weight=None):
        super().__init__()
        self.weight = weight

    def forward(self, logits, labels):
        losses = -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels]
        if self.weight is not None:
            losses = self.weight[labels] * losses
        return losses.mean()
