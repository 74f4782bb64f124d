"""Accuracy in batches, counted."""

from __future__ import annotations

import numpy as np

ENTRY = {"target": "evaluate"}


def evaluate(predict, images, labels, batch_size=128):
    correct = 0
    for start in range(0, len(images), batch_size):
        answer = np.asarray(predict(images[start : start + batch_size]))
        correct += int((answer == labels[start : start + batch_size]).sum())
    return correct / len(images)
