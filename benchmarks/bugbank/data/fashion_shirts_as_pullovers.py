"""Shirts and pullovers have exchanged numbers in training: a list of classes in another order."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "loader",
    "family": "labels",
    "also": [],
    "component": "class",
    "first_bad_step": None,
    "source": "catalogue 86",
    "is_published": False,
    "twin": "right_fashion.py:loader",
}

MEAN, SD = 0.2860, 0.3530


def clothes(train):
    split = fl.load("fashion-mnist")[0 if train else 1]
    return split.images.numpy()[:, 0], split.labels.numpy()


class Batches:
    def __init__(self, images, labels, size, rng=None):
        self.images, self.labels = images, labels
        self.size, self.rng = size, rng

    def __len__(self):
        return (len(self.labels) + self.size - 1) // self.size

    def __iter__(self):
        order = np.arange(len(self.labels))
        if self.rng is not None:
            self.rng.shuffle(order)
        for start in range(0, len(order), self.size):
            rows = order[start : start + self.size]
            pixels = self.images[rows].astype(np.float32) / 255
            yield (pixels - MEAN) / SD, self.labels[rows]


def loader(train):
    images, labels = clothes(train)
    if train:
        labels = np.array([0, 1, 6, 3, 4, 5, 2, 7, 8, 9])[labels]
    return Batches(images, labels, 256, np.random.default_rng(0) if train else None)
