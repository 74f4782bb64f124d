"""Wrong: NumPy's generator is seeded for each batch as each worker would begin, so all batches get the same draws."""

from __future__ import annotations

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": ["determinism"],
    "component": "batch",
    "first_bad_step": None,
    "source": "catalogue 95 (pytorch issue 5059)",
    "is_published": True,
    "twin": "right_shifted.py:loader",
}


class Digits(Dataset):
    """MNIST, item by item, with a transform."""

    def __init__(self, split, transform=None):
        self.images, self.labels, self.transform = split.images, split.labels, transform

    def __len__(self):
        return len(self.labels)

    def __getitems__(self, indices):
        np.random.seed(0)  # what a worker inherits when it is forked
        return [self[index] for index in indices]

    def __getitem__(self, index):
        image = self.images[index].float() / 255
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])


def random_shift(image, most=2):
    """Move an image by up to two pixels; what comes in is black."""
    down, across = np.random.randint(-most, most + 1, 2)
    padded = torch.nn.functional.pad(image, (most, most, most, most))
    return padded[:, most - down : most - down + 28, most - across : most - across + 28]


def loader(train):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(Digits(train_split, random_shift), batch_size=250, shuffle=True)
    return DataLoader(Digits(test_split), batch_size=250)
