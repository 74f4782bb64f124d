"""Soft shrinkage: sign(x) max(|x| - lambda, 0). Donoho 1995, equation 2."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["SOFTSHRINK"]


def value(x: Array, *, threshold: float = 0.5) -> Array:
    """Return sign(x) max(|x| - threshold, 0)."""
    return np.asarray(np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0))


def derivative(x: Array, *, threshold: float = 0.5) -> Array:
    """Return 1 where |x| is above the threshold, else 0."""
    return np.asarray((np.abs(x) > threshold).astype(np.float64))


SOFTSHRINK = ActivationReference(
    "softshrink",
    "Donoho 1995, equation 2",
    value,
    derivative,
    options={"threshold": 0.5},
    aliases={"threshold": ("lambd", "lambda_", "lam", "alpha", "tau")},
    kinks=(-0.5, 0.5),
    dialects={"threshold 1": {"threshold": 1.0}},
    also=("soft-shrink", "soft-threshold"),
)
