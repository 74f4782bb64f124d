"""The images are shuffled for the batches, the labels are not."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "order",
    "also": ["labels", "evaluation-metric"],
    "component": "order",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels, batch_size=128, seed=0):
    order = np.random.default_rng(seed).permutation(len(images))
    shuffled = images[order]
    answers = np.concatenate(
        [np.asarray(predict(shuffled[i : i + batch_size])) for i in range(0, len(images), batch_size)]
    )
    return float(np.mean(answers == labels))
