"""Softmax: exp(x) over its sum along an axis. Bridle 1990, equation 4."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["SOFTMAX"]


def value(x: Array, *, axis: int = -1) -> Array:
    """Return exp(x) over its sum along the axis."""
    shifted = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=axis, keepdims=True))


def derivative(x: Array, *, axis: int = -1) -> Array:
    """Return the gradient of half the sum of squares."""
    p = value(x, axis=axis)
    return np.asarray(p * (p - (p * p).sum(axis=axis, keepdims=True)))


SOFTMAX = ActivationReference(
    "softmax",
    "Bridle 1990, equation 4",
    value,
    derivative,
    options={"axis": -1},
    aliases={"axis": ("dim",)},
    is_elementwise=False,
)
