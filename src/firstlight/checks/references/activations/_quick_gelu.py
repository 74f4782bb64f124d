"""Quick GELU: x logistic(1.702 x). Hendrycks & Gimpel 2016, section 2; the one of CLIP."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import logistic

__all__ = ["QUICK_GELU"]

RATE = 1.702


def value(x: Array) -> Array:
    """Return x logistic(1.702 x)."""
    return np.asarray(x * logistic(RATE * x))


def derivative(x: Array) -> Array:
    """Return s + 1.702 x s (1 - s), s = logistic(1.702 x)."""
    s = logistic(RATE * x)
    return np.asarray(s + RATE * x * s * (1.0 - s))


QUICK_GELU = ActivationReference(
    "quick-gelu",
    "Hendrycks & Gimpel 2016, section 2",
    value,
    derivative,
)
