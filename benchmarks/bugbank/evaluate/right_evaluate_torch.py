"""Accuracy of a network's logits over a DataLoader."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {"target": "evaluate"}


@torch.no_grad()
def evaluate(predict, images, labels):
    loader = DataLoader(TensorDataset(torch.as_tensor(images), torch.as_tensor(labels)), batch_size=256)
    correct = total = 0
    for x, y in loader:
        logits = torch.as_tensor(predict(x))
        correct += (logits.argmax(dim=1) == y).sum().item()
        total += y.size(0)
    return 100.0 * correct / total
