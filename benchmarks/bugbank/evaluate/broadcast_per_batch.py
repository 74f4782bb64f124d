"""The labels get a second axis for a one-hot that is no longer there; hits are divided by n."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": ["shape", "reduction", "evaluation-count"],
    "component": "broadcast",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_torch.py:evaluate",
}


def evaluate(predict, images, labels):
    correct = 0
    for x, y in DataLoader(TensorDataset(torch.as_tensor(images), torch.as_tensor(labels)), batch_size=50):
        predicted = torch.as_tensor(predict(x))
        correct += predicted.eq(y.view(-1, 1)).sum().item()
    return 100 * correct / len(labels)
