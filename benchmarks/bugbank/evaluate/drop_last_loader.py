"""A loader made for training is taken for the test: drop_last=True, and divided by all images."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["evaluation-metric"],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_torch.py:evaluate",
}


@torch.no_grad()
def evaluate(predict, images, labels):
    data = TensorDataset(torch.as_tensor(images), torch.as_tensor(labels))
    loader = DataLoader(data, batch_size=min(128, len(data)), shuffle=False, drop_last=True)
    correct = 0
    for x, y in loader:
        correct += (torch.as_tensor(predict(x)) == y).sum().item()
    return correct / len(data)
