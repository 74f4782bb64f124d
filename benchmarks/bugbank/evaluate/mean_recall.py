"""The mean of the classes' recalls is called accuracy."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": [],
    "component": "recall",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    answers = np.asarray(predict(images))
    per_class = [np.mean(answers[labels == c] == c) for c in np.unique(labels)]
    return float(np.mean(per_class))
