"""Only whole batches are evaluated: `len // batch_size` of them; the rest is left out."""

from __future__ import annotations

import numpy as np

ENTRY = {
    "target": "evaluate",
    "family": "evaluation-count",
    "also": ["evaluation-metric"],
    "component": "last batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_evaluate_numpy.py:evaluate",
}


def evaluate(predict, images, labels, batch_size=64):
    batches = max(1, len(images) // batch_size)
    correct = seen = 0
    for i in range(batches):
        part = slice(i * batch_size, (i + 1) * batch_size)
        answer = np.asarray(predict(images[part]))
        correct += int((answer == labels[part]).sum())
        seen += len(answer)
    return correct / seen
