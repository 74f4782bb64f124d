"""The accuracies of the batches are averaged: a smaller last batch weighs as much as a full one."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": ["evaluation-count", "reduction"],
    "component": "batch",
    "first_bad_step": None,
    "source": "https://github.com/tflearn/tflearn/issues/75",
    "is_published": True,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels, batch_size=128):
    accuracies = []
    for start in range(0, len(images), batch_size):
        answer = np.asarray(predict(images[start : start + batch_size]))
        accuracies.append(np.mean(answer == labels[start : start + batch_size]))
    return float(np.mean(accuracies))
