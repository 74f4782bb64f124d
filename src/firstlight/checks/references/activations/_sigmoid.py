"""Sigmoid: the logistic function 1 / (1 + exp(-x)). Rumelhart, Hinton & Williams 1986, equation 2."""

from __future__ import annotations

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import logistic

__all__ = ["SIGMOID"]


def value(x: Array) -> Array:
    """Return 1 / (1 + exp(-x))."""
    return logistic(x)


def derivative(x: Array) -> Array:
    """Return s (1 - s)."""
    s = logistic(x)
    return s * (1.0 - s)


SIGMOID = ActivationReference(
    "sigmoid",
    "Rumelhart, Hinton & Williams 1986, equation 2",
    value,
    derivative,
    also=("logistic",),
)
