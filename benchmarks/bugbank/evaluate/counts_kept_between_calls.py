"""Counters live in the module and are never set back: each call averages over all calls before."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "state",
    "also": ["evaluation-count", "evaluation-metric"],
    "component": "earlier calls",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


totals = {"correct": 0, "seen": 0}


def evaluate(predict, images, labels):
    for start in range(0, len(images), 200):
        answer = np.asarray(predict(images[start : start + 200]))
        totals["correct"] += int((answer == labels[start : start + 200]).sum())
        totals["seen"] += len(answer)
    return totals["correct"] / totals["seen"]
