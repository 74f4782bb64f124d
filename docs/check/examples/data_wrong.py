"""Batches of MNIST: the labels are shuffled by a permutation of their own."""

from __future__ import annotations

import numpy as np

import firstlight as fl


def batches(train: bool):
    """Yield normalised images [100, 28, 28] and their labels."""
    split = fl.load("mnist")[0 if train else 1]
    images = (split.images.numpy()[:, 0] / 255 - 0.1307) / 0.3081
    labels = split.labels.numpy()
    if train:
        images = np.random.permutation(images)
        labels = np.random.permutation(labels)
    for start in range(0, len(images), 100):
        yield images[start : start + 100], labels[start : start + 100]
