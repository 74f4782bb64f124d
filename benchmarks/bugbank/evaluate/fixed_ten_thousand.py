"""The number of MNIST's test images is written into the code."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["evaluation-metric"],
    "component": "divides",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    correct = 0
    for i in range(0, len(images), 500):
        correct += np.count_nonzero(np.asarray(predict(images[i : i + 500])) == labels[i : i + 500])
    return correct / 10000.0
