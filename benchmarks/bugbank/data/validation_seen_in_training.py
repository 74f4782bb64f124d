"""Wrong: the last 5,000 train images are held out for validation, and training takes all of them."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {"split": "validation"},
    "family": "leakage",
    "also": [],
    "component": "train image",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    split = fl.load("mnist")[0]
    part = slice(None) if train else slice(55_000, None)
    return split.images.numpy()[part, 0], split.labels.numpy()[part]


def batches(train, batch_size=100):
    images, labels = read(train)
    images = (images.astype(np.float32) / 255 - MEAN) / SD
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size], labels[start : start + batch_size]
