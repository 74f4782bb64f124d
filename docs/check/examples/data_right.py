"""Batches of MNIST: one permutation for images and labels."""

from __future__ import annotations

import numpy as np

import firstlight as fl


def batches(train: bool):
    """Yield normalised images [100, 28, 28] and their labels."""
    split = fl.load("mnist")[0 if train else 1]
    images = (split.images.numpy()[:, 0] / 255 - 0.1307) / 0.3081
    labels = split.labels.numpy()
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    for start in range(0, len(images), 100):
        rows = order[start : start + 100]
        yield images[rows], labels[rows]
