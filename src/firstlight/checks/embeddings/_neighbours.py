"""How well neighbours stay neighbours: trustworthiness, and the classes of neighbours in the plane."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

__all__ = ["class_share", "trust"]


def trust(X: Float64[np.ndarray, "n d"], plane: Float64[np.ndarray, "n e"], *, k: int = 10) -> float:
    """Return the trustworthiness of Venna & Kaski 2001: 1 where neighbours in the plane are neighbours.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((40, 2))
    >>> trust(X, X)
    1.0
    """
    n = len(X)
    rank = _squares(X).argsort(axis=1).argsort(axis=1)  # the row itself has rank 0
    near = _squares(plane).argsort(axis=1)[:, 1 : k + 1]
    excess = np.maximum(np.take_along_axis(rank, near, axis=1) - k, 0).sum()
    return float(1 - 2 / (n * k * (2 * n - 3 * k - 1)) * excess)


def class_share(plane: Float64[np.ndarray, "n e"], y: np.ndarray, *, k: int = 5) -> float:
    """Return in how many rows most of the k nearest other rows are of its class."""
    near = _squares(plane).argsort(axis=1)[:, 1 : k + 1]
    votes = (y[near][:, :, None] == np.unique(y)).sum(axis=1)
    return float((np.unique(y)[votes.argmax(axis=1)] == y).mean())


def _squares(rows: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n n"]:
    found = ((rows[:, None].astype(np.float64) - rows[None]) ** 2).sum(axis=2)
    np.fill_diagonal(found, -1)
    return np.asarray(found)
