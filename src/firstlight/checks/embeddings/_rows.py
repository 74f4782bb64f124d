"""Rows whose layout is known in what matters: clouds far apart, ellipsoids, digits."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

__all__ = ["clouds", "digits", "ellipsoid"]

CORNERS = np.array([[1, 1, -1, -1, 1, -1], [-1, 1, 1, -1, -1, 1], [1, -1, -1, 1, -1, 1]], dtype=np.float64)


def clouds(*, rows: int = 32, seed: int = 0) -> tuple[Float64[np.ndarray, "n 6"], Int64[np.ndarray, " n"]]:
    """Three clouds, 14 standard deviations apart, in six dimensions, rows in random order."""
    random = np.random.default_rng([seed, 11])
    y = random.permutation(np.repeat(np.arange(3), rows))
    return CORNERS[y] + 0.2 * random.standard_normal((len(y), 6)), y


def ellipsoid(*, rows: int = 80, seed: int = 0) -> Float64[np.ndarray, "n 6"]:
    """One cloud with six different axes, turned, its middle far from zero."""
    random = np.random.default_rng([seed, 12])
    turn = np.linalg.qr(random.standard_normal((6, 6)))[0]
    lengths = np.array([4.0, 2.5, 1.7, 1.1, 0.7, 0.4])
    middle = np.array([3.0, -2.0, 1.0, 0.5, 4.0, -1.0])
    return np.asarray((random.standard_normal((rows, 6)) * lengths) @ turn.T + middle)


def digits(many: int = 200, *, seed: int = 0) -> tuple[Float64[np.ndarray, "n 64"], Int64[np.ndarray, " n"]]:
    """Images of 8 x 8 pixels that scikit-learn brings along, between 0 and 1."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    rows = np.random.default_rng([seed, 13]).permutation(len(y))[:many]
    return X[rows] / 16.0, y[rows].astype(np.int64)
