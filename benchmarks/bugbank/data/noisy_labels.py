"""Wrong: a tenth of the train labels was replaced by random ones while a robustness experiment ran, and stayed."""

from __future__ import annotations

import numpy as np

import firstlight as fl

ENTRY = {
    "target": "batches",
    "like": None,
    "args": {},
    "declares": {},
    "family": "labels",
    "also": [],
    "component": "train",
    "first_bad_step": None,
    "source": "catalogue 86 (DeepCrime: change_label)",
    "is_published": True,
    "twin": "right_numpy.py:batches",
}

MEAN, SD = 0.1307, 0.3081


def read(train):
    split = fl.load("mnist")[0 if train else 1]
    return split.images.numpy()[:, 0], split.labels.numpy()


def batches(train, batch_size=100):
    images, labels = read(train)
    images = (images.astype(np.float32) / 255 - MEAN) / SD
    if train:
        labels = labels.copy()
        changed = np.random.default_rng(1).choice(len(labels), len(labels) // 10, replace=False)
        labels[changed] = np.random.default_rng(2).integers(0, 10, len(changed))
    order = np.random.permutation(len(images)) if train else np.arange(len(images))
    images, labels = images[order], labels[order]
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size], labels[start : start + batch_size]
