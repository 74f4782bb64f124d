"""Squared ReLU: max(x, 0)^2. So et al. 2021, "Primer: searching for efficient transformers", section 3."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["RELU_SQUARED"]


def value(x: Array) -> Array:
    """Return max(x, 0)^2."""
    return np.asarray(np.maximum(x, 0.0) ** 2)


def derivative(x: Array) -> Array:
    """Return 2 max(x, 0)."""
    return np.asarray(2.0 * np.maximum(x, 0.0))


RELU_SQUARED = ActivationReference(
    "relu-squared",
    "So et al. 2021, section 3",
    value,
    derivative,
    also=("squared-relu", "relu2", "sqrrelu"),
)
