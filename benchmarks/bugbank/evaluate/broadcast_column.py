"""Answers are kept as a column: (n, 1) == (n,) compares each answer with each label."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": ["shape", "reduction"],
    "component": "broadcast",
    "first_bad_step": None,
    "source": "catalogue 46",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    answers = np.asarray(predict(images)).reshape(-1, 1)
    return float((answers == labels).mean())
