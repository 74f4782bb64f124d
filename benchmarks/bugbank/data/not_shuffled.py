"""Wrong: the option is passed on under a wrong name and lost, so nothing is shuffled."""

from __future__ import annotations

from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {"shuffle": "yes"},
    "family": "order",
    "also": ["ignored-option"],
    "component": "order",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_loader.py:loader",
}

MEAN, SD = 0.1307, 0.3081


def tensors(split):
    pixels = split.images.float() / 255
    return TensorDataset((pixels - MEAN) / SD, split.labels)


def loader(train, **options):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(tensors(train_split), batch_size=128, **options, drop_last=True)
    return DataLoader(tensors(test_split), batch_size=128)
