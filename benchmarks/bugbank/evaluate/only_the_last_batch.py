"""The counters are set to zero inside the loop: what is returned is the last batch."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["evaluation-metric", "state"],
    "component": "last batch",
    "first_bad_step": None,
    "source": "catalogue 113",
    "is_published": True,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels, batch_size=100):
    for start in range(0, len(images), batch_size):
        correct = 0
        total = 0
        batch, truth = images[start : start + batch_size], labels[start : start + batch_size]
        correct += int(np.sum(np.asarray(predict(batch)) == truth))
        total += len(truth)
    return correct / total
