"""Wrong: all images are put together and split again, and the two parts overlap by 2,000."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {},
    "family": "leakage",
    "also": [],
    "component": "test",
    "first_bad_step": None,
    "source": "catalogue 98 (meta_learning_pacoh issue 5)",
    "is_published": True,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    both = fl.load("mnist")
    images = np.concatenate([split.images.numpy()[:, 0] for split in both])
    labels = np.concatenate([split.labels.numpy() for split in both])
    part = slice(0, 60_000) if train else slice(58_000, 70_000)
    return images[part], labels[part]


def batches(train, batch_size=100):
    images, labels = read(train)
    images = (images.astype(np.float32) / 255 - MEAN) / SD
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size], labels[start : start + batch_size]
