"""argmax(0) finds the best image for each class, not the best class for each image."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": ["shape", "evaluation-count", "softmax"],
    "component": "axis",
    "first_bad_step": None,
    "source": "catalogue 114",
    "is_published": False,
    "twin": "right_evaluate_torch.py:evaluate",
}


@torch.no_grad()
def evaluate(predict, images, labels, batch_size=10):
    correct = 0
    for start in range(0, len(images) - batch_size + 1, batch_size):
        x = torch.as_tensor(images[start : start + batch_size])
        y = torch.as_tensor(labels[start : start + batch_size])
        best = torch.as_tensor(predict(x)).argmax(0)
        correct += (best == y).sum().item()
    return correct / len(images)
