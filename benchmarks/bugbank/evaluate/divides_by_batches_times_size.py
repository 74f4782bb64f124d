"""The number of images is taken to be batches times batch size."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["evaluation-metric", "reduction"],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_torch.py:evaluate",
}


BATCH = 100


def evaluate(predict, images, labels):
    loader = DataLoader(TensorDataset(torch.as_tensor(images), torch.as_tensor(labels)), batch_size=BATCH)
    hits = 0.0
    for x, y in loader:
        hits += float((torch.as_tensor(predict(x)) == y).float().sum())
    return hits / (len(loader) * BATCH)
