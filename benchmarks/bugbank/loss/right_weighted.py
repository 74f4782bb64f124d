"""Cross-entropy with class weights and a label to ignore."""

ENTRY = {
    "target": "WeightedCrossEntropy",
    "like": "cross-entropy",
    "args": {"weight": [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 0.2, 1.0, 1.0, 4.0]},
    "declares": {},
}

import torch
from torch import nn


class WeightedCrossEntropy(nn.Module):
    def __init__(self, weight=None, ignore_index=-100):
        super().__init__()
        self.weight = weight
        self.ignore_index = ignore_index

    def forward(self, logits, labels):
        keep = labels != self.ignore_index
        logits, labels = logits[keep], labels[keep]
        losses = -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels]
        if self.weight is None:
            return losses.mean()
        weights = self.weight[labels]
        return (weights * losses).sum() / weights.sum()
