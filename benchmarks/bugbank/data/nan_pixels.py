"""Wrong: each pixel is divided by its own deviation, which is 0 at the border."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {},
    "family": "preprocessing",
    "also": ["numerical-stability"],
    "component": "NaN",
    "first_bad_step": None,
    "source": "catalogue 127",
    "is_published": False,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    split = fl.load("mnist")[0 if train else 1]
    return split.images.numpy()[:, 0], split.labels.numpy()


def batches(train, batch_size=100):
    images, labels = read(train)
    reference = read(True)[0].astype(np.float32)
    with np.errstate(all="ignore"):
        images = (images - reference.mean(0)) / reference.std(0)
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size], labels[start : start + batch_size]
