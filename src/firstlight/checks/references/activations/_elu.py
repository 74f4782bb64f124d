"""ELU: x where x > 0, else alpha (exp(x) - 1). Clevert, Unterthiner & Hochreiter 2016, equation 15."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["ELU"]


def value(x: Array, *, alpha: float = 1.0) -> Array:
    """Return x where x > 0, else alpha (exp(x) - 1)."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def derivative(x: Array, *, alpha: float = 1.0) -> Array:
    """Return 1 where x > 0, else alpha exp(x)."""
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


ELU = ActivationReference(
    "elu",
    "Clevert, Unterthiner & Hochreiter 2016, equation 15",
    value,
    derivative,
    options={"alpha": 1.0},
    aliases={"alpha": ("a",)},
    kinks=(0.0,),
)
