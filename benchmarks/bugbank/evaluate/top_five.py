"""topk(5) of an ImageNet script stands where the best answer should."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": [],
    "component": "best",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_torch.py:evaluate",
}


@torch.no_grad()
def evaluate(predict, images, labels):
    hits = 0
    for x, y in DataLoader(TensorDataset(torch.as_tensor(images), torch.as_tensor(labels)), batch_size=250):
        best = torch.as_tensor(predict(x)).topk(5, dim=1).indices
        hits += (best == y[:, None]).any(dim=1).sum().item()
    return hits / len(labels)
