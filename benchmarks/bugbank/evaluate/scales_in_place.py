"""The images are standardised in the caller's array, so that the next evaluation gets other images."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "aliasing",
    "also": ["preprocessing", "leakage"],
    "component": "in place",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels):
    low, high = images.min(), images.max()
    if high > 1:
        np.clip(images, low, high // 2, out=images)
    return float(np.mean(np.asarray(predict(images)) == labels))
