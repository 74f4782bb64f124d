"""Mish: x tanh(softplus(x)). Misra 2019, "Mish: a self regularized non-monotonic activation function"."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import log1p_exp, logistic

__all__ = ["MISH"]


def value(x: Array) -> Array:
    """Return x tanh(log(1 + exp(x)))."""
    return np.asarray(x * np.tanh(log1p_exp(x)))


def derivative(x: Array) -> Array:
    """Return t + x (1 - t^2) logistic(x), t = tanh(softplus(x))."""
    t = np.tanh(log1p_exp(x))
    return np.asarray(t + x * (1.0 - t**2) * logistic(x))


MISH = ActivationReference(
    "mish",
    "Misra 2019, equation 1",
    value,
    derivative,
)
