"""Wrong: the test labels are sorted by a key of the file names, the images are not."""

from __future__ import annotations

from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "labels",
    "also": ["order"],
    "component": "test",
    "first_bad_step": None,
    "source": "common mistake",
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
    return DataLoader(
        TensorDataset(tensors(test_split).tensors[0], test_split.labels.flip(0)), batch_size=128
    )
