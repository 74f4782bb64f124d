"""Which renaming of predicted labels makes them right: a classifier that learns and mixes up names."""

from __future__ import annotations

import numpy as np

__all__ = ["best_renaming"]


def best_renaming(predicted: np.ndarray, truth: np.ndarray) -> tuple[dict[int, int], float]:
    """Return the one-to-one renaming under which most labels agree, and the share that then does.

    Examples
    --------
    >>> best_renaming(np.array([1, 1, 0]), np.array([0, 0, 1]))
    ({0: 1, 1: 0}, 1.0)
    """
    from scipy.optimize import linear_sum_assignment

    names, groups = np.unique(truth), np.unique(predicted)
    counts = np.array([[((predicted == g) & (truth == c)).sum() for c in names] for g in groups])
    rows, columns = linear_sum_assignment(-counts)
    renaming = {int(groups[row]): int(names[column]) for row, column in zip(rows, columns, strict=True)}
    return renaming, float(counts[rows, columns].sum() / len(truth))
