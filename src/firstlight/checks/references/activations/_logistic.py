"""The logistic function and softplus without overflow: what several activations are made of."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import Array

__all__ = ["log1p_exp", "logistic"]


def logistic(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)); only exponents that are not positive are taken."""
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e)))


def log1p_exp(x: Array) -> Array:
    """Return log(1 + exp(x))."""
    return np.asarray(np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))))
