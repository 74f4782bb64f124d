"""Log-softmax and log-sigmoid of rows: what most losses of logits begin with."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.losses._loss import Array

__all__ = ["log_sigmoid", "log_softmax"]


def log_softmax(outputs: Array, *, axis: int | None = -1) -> Array:
    """Return outputs less the logarithm of the sum of their exponentials."""
    shifted = outputs - outputs.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def log_sigmoid(outputs: Array) -> Array:
    """Return log(1 / (1 + exp(-outputs)))."""
    return np.asarray(np.minimum(outputs, 0.0) - np.log1p(np.exp(-np.abs(outputs))))
