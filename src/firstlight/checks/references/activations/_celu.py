"""CELU: max(x, 0) + min(alpha (exp(x / alpha) - 1), 0). Barron 2017, equation 2."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["CELU"]


def value(x: Array, *, alpha: float = 1.0) -> Array:
    """Return x where x > 0, else alpha (exp(x / alpha) - 1)."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0) / alpha))


def derivative(x: Array, *, alpha: float = 1.0) -> Array:
    """Return 1 where x > 0, else exp(x / alpha)."""
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0.0) / alpha))


CELU = ActivationReference(
    "celu",
    "Barron 2017, equation 2",
    value,
    derivative,
    options={"alpha": 1.0},
    aliases={"alpha": ("a",)},
)
