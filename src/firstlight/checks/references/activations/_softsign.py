"""Softsign: x / (1 + |x|). Bergstra et al. 2009; Glorot & Bengio 2010, section 2."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["SOFTSIGN"]


def value(x: Array) -> Array:
    """Return x / (1 + |x|)."""
    return np.asarray(x / (1.0 + np.abs(x)))


def derivative(x: Array) -> Array:
    """Return 1 / (1 + |x|)^2."""
    return np.asarray(1.0 / (1.0 + np.abs(x)) ** 2)


SOFTSIGN = ActivationReference(
    "softsign",
    "Glorot & Bengio 2010, section 2",
    value,
    derivative,
)
