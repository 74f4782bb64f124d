"""Tanh shrinkage: x - tanh(x)."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["TANHSHRINK"]


def value(x: Array) -> Array:
    """Return x - tanh(x)."""
    return np.asarray(x - np.tanh(x))


def derivative(x: Array) -> Array:
    """Return tanh(x)^2."""
    return np.asarray(np.tanh(x) ** 2)


TANHSHRINK = ActivationReference(
    "tanhshrink",
    "x less its hyperbolic tangent",
    value,
    derivative,
    also=("tanh-shrink",),
)
