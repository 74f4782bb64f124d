"""Wrong: drop_last is set for the test split too, so that 16 images are never counted."""

from __future__ import annotations

from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "evaluation-count",
    "also": [],
    "component": "test",
    "first_bad_step": None,
    "source": "catalogue 97",
    "is_published": False,
    "twin": "right_loader.py:loader",
}

MEAN, SD = 0.1307, 0.3081


def tensors(split):
    pixels = split.images.float() / 255
    return TensorDataset((pixels - MEAN) / SD, split.labels)


def loader(train):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(tensors(train_split), batch_size=128, shuffle=True, drop_last=True)
    return DataLoader(tensors(test_split), batch_size=128, drop_last=True)
