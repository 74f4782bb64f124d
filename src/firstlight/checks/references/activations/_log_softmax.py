"""Log-softmax: x - log(sum(exp(x))) along an axis. Bridle 1990, the logarithm of equation 4."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["LOG_SOFTMAX"]


def value(x: Array, *, axis: int = -1) -> Array:
    """Return x - log(sum(exp(x))) along the axis."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def derivative(x: Array, *, axis: int = -1) -> Array:
    """Return the gradient of half the sum of squares."""
    logs = value(x, axis=axis)
    return np.asarray(logs - np.exp(logs) * logs.sum(axis=axis, keepdims=True))


LOG_SOFTMAX = ActivationReference(
    "log-softmax",
    "Bridle 1990, equation 4",
    value,
    derivative,
    options={"axis": -1},
    aliases={"axis": ("dim",)},
    is_elementwise=False,
    also=("logsoftmax",),
)
