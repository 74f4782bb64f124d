"""The share of wrong answers is returned."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-metric",
    "also": ["sign"],
    "component": "wrong",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    wrong = sum(int(a != b) for a, b in zip(predict(images), labels))
    return wrong / len(labels)
