"""Hard tanh: clip(x, -1, 1). Collobert 2004."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["HARDTANH"]


def value(x: Array, *, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """Return clip(x, min_val, max_val)."""
    return np.asarray(np.clip(x, min_val, max_val))


def derivative(x: Array, *, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """Return 1 between the two ends, else 0."""
    return ((x > min_val) & (x < max_val)).astype(np.float64)


HARDTANH = ActivationReference(
    "hardtanh",
    "Collobert 2004",
    value,
    derivative,
    options={"min_val": -1.0, "max_val": 1.0},
    aliases={"min_val": ("min", "low", "min_value"), "max_val": ("max", "high", "max_value")},
    kinks=(-1.0, 1.0),
    also=("hard-tanh",),
)
