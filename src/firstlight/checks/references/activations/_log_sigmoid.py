"""Log-sigmoid: log(1 / (1 + exp(-x))) = -softplus(-x)."""

from __future__ import annotations

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import log1p_exp, logistic

__all__ = ["LOG_SIGMOID"]


def value(x: Array) -> Array:
    """Return -log(1 + exp(-x))."""
    return -log1p_exp(-x)


def derivative(x: Array) -> Array:
    """Return logistic(-x)."""
    return logistic(-x)


LOG_SIGMOID = ActivationReference(
    "log-sigmoid",
    "the logarithm of the logistic function",
    value,
    derivative,
    also=("logsigmoid",),
)
