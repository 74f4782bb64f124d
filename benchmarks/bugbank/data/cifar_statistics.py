"""Wrong: mean and deviation are those of CIFAR-10's red channel, copied from another project."""

from __future__ import annotations

from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": [],
    "component": "CIFAR-10",
    "first_bad_step": None,
    "source": "catalogue 89 (fastai issue 1316)",
    "is_published": True,
    "twin": "right_loader.py:loader",
}

MEAN, SD = 0.4914, 0.2470


def tensors(split):
    pixels = split.images.float() / 255
    return TensorDataset((pixels - MEAN) / SD, split.labels)


def loader(train):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(tensors(train_split), batch_size=128, shuffle=True, drop_last=True)
    return DataLoader(tensors(test_split), batch_size=128)
