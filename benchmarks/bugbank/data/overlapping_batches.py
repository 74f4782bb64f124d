"""Wrong: batches advance by less than their size, so that images come twice."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {},
    "family": "evaluation-count",
    "also": ["order"],
    "component": "twice",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    split = fl.load("mnist")[0 if train else 1]
    return split.images.numpy()[:, 0], split.labels.numpy()


def batches(train, batch_size=100):
    images, labels = read(train)
    images = (images.astype(np.float32) / 255 - MEAN) / SD
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size - 1):
        yield images[start : start + batch_size], labels[start : start + batch_size]
