"""GELU by tanh: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). Hendrycks & Gimpel 2016, section 2."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["GELU_TANH"]

ROOT = np.sqrt(2.0 / np.pi)
CUBE = 0.044715


def value(x: Array) -> Array:
    """Return 0.5 x (1 + tanh(u)), u = sqrt(2 / pi) (x + 0.044715 x^3)."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(ROOT * (x + CUBE * x**3))))


def derivative(x: Array) -> Array:
    """Return 0.5 (1 + tanh(u)) + 0.5 x (1 - tanh(u)^2) u'."""
    tanh = np.tanh(ROOT * (x + CUBE * x**3))
    return np.asarray(0.5 * (1.0 + tanh) + 0.5 * x * (1.0 - tanh**2) * ROOT * (1.0 + 3.0 * CUBE * x**2))


GELU_TANH = ActivationReference(
    "gelu-tanh",
    "Hendrycks & Gimpel 2016, section 2",
    value,
    derivative,
    also=("gelu-new", "gelu-approximate"),
)
