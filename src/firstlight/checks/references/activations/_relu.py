"""ReLU: max(x, 0). Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines"."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from firstlight.checks.references.activations._activation import ActivationReference

__all__ = ["RELU"]


def value(x: Float64[np.ndarray, "..."]) -> Float64[np.ndarray, "..."]:
    """Return max(x, 0)."""
    return np.maximum(x, 0.0)


def derivative(x: Float64[np.ndarray, "..."]) -> Float64[np.ndarray, "..."]:
    """Return 1 where x > 0, else 0; at 0 any value between is a subgradient."""
    return (x > 0).astype(np.float64)


RELU = ActivationReference("relu", "Nair & Hinton 2010", value, derivative, kinks=(0.0,))
