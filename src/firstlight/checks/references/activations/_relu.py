"""ReLU: max(x, 0). Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines"."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["RELU"]


def value(x: Array) -> Array:
    """Return max(x, 0)."""
    return np.asarray(np.maximum(x, 0.0))


def derivative(x: Array) -> Array:
    """Return 1 where x > 0, else 0; at 0 any value between is a subgradient."""
    return (x > 0).astype(np.float64)


RELU = ActivationReference("relu", "Nair & Hinton 2010", value, derivative, kinks=(0.0,))
