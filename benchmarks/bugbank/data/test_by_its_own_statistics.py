"""Wrong: each split is normalised by its own mean and deviation."""

from __future__ import annotations

from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": ["leakage"],
    "component": "test",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_loader.py:loader",
}


def tensors(split):
    pixels = split.images.float() / 255
    return TensorDataset((pixels - pixels.mean()) / pixels.std(), split.labels)


def loader(train):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(tensors(train_split), batch_size=128, shuffle=True, drop_last=True)
    return DataLoader(tensors(test_split), batch_size=128)
