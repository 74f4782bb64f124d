"""ReLU6: min(max(x, 0), 6). Krizhevsky 2010; Howard et al. 2017, "MobileNets"."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["RELU6"]


def value(x: Array) -> Array:
    """Return min(max(x, 0), 6)."""
    return np.asarray(np.clip(x, 0.0, 6.0))


def derivative(x: Array) -> Array:
    """Return 1 between 0 and 6, else 0."""
    return ((x > 0.0) & (x < 6.0)).astype(np.float64)


RELU6 = ActivationReference(
    "relu6",
    "Krizhevsky 2010",
    value,
    derivative,
    kinks=(0.0, 6.0),
)
