"""To be fast, a hundred images are drawn for each evaluation."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["determinism", "evaluation-metric"],
    "component": "images",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels, count=100):
    chosen = np.random.choice(len(images), size=min(count, len(images)), replace=False)
    return float(np.mean(np.asarray(predict(images[chosen])) == labels[chosen]))
