"""Accuracy as the mean over batches: the images of a smaller last batch weigh more than the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def evaluate(
    predict: Callable[[NDArray[np.uint8]], NDArray[np.int64]],
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    batch_size: int = 128,
) -> float:
    """Return the share of right answers."""
    accuracies = [
        np.mean(predict(images[start : start + batch_size]) == labels[start : start + batch_size])
        for start in range(0, len(images), batch_size)
    ]
    return float(np.mean(accuracies))
