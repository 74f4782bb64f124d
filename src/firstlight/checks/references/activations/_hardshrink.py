"""Hard shrinkage: x where |x| is above lambda, else 0. Donoho & Johnstone 1994, equation 4."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["HARDSHRINK"]


def value(x: Array, *, threshold: float = 0.5) -> Array:
    """Return x where |x| is above the threshold, else 0."""
    return np.where(np.abs(x) > threshold, x, 0.0)


def derivative(x: Array, *, threshold: float = 0.5) -> Array:
    """Return 1 where |x| is above the threshold, else 0."""
    return np.asarray((np.abs(x) > threshold).astype(np.float64))


HARDSHRINK = ActivationReference(
    "hardshrink",
    "Donoho & Johnstone 1994",
    value,
    derivative,
    options={"threshold": 0.5},
    aliases={"threshold": ("lambd", "lambda_", "lam", "alpha", "tau")},
    kinks=(-0.5, 0.5),
    dialects={"threshold 1": {"threshold": 1.0}},
    also=("hard-shrink", "hard-threshold"),
)
