"""Labels of a table that counts classes from one are corrected a second time."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "labels",
    "also": ["evaluation-metric"],
    "component": "label",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    truth = labels - 1
    return float((np.asarray(predict(images)) == truth).sum() / len(truth))
