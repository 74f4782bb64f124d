"""Wrong: the header line of a label file is read as a label, so each image gets the label of the one before it."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {},
    "family": "labels",
    "also": ["order"],
    "component": "label",
    "first_bad_step": None,
    "source": "catalogue 87",
    "is_published": False,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    split = fl.load("mnist")[0 if train else 1]
    header_and_labels = np.concatenate([[0], split.labels.numpy()])
    return split.images.numpy()[:, 0], header_and_labels[: len(split)]


def batches(train, batch_size=100):
    images, labels = read(train)
    images = (images.astype(np.float32) / 255 - MEAN) / SD
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size], labels[start : start + batch_size]
