"""Wrong: test images go through the random transform of training."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, Dataset

import firstlight as fl

ENTRY = {
    "target": "loader",
    "like": None,
    "args": {},
    "declares": {},
    "family": "augmentation",
    "also": [],
    "component": "test",
    "first_bad_step": None,
    "source": "catalogue 94",
    "is_published": False,
    "twin": "right_shifted.py:loader",
}


class Digits(Dataset):
    """MNIST, item by item, with a transform."""

    def __init__(self, split, transform=None):
        self.images, self.labels, self.transform = split.images, split.labels, transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = self.images[index].float() / 255
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])


def random_shift(image, most=2):
    """Move an image by up to two pixels; what comes in is black."""
    down, across = (int(number) for number in torch.randint(-most, most + 1, (2,)))
    padded = torch.nn.functional.pad(image, (most, most, most, most))
    return padded[:, most - down : most - down + 28, most - across : most - across + 28]


def loader(train):
    train_split, test_split = fl.load("mnist")
    if train:
        return DataLoader(Digits(train_split, random_shift), batch_size=250, shuffle=True)
    return DataLoader(Digits(test_split, random_shift), batch_size=250)
