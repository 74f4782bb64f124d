"""Swish: x logistic(beta x). Ramachandran, Zoph & Le 2017, equation 1; SiLU with beta 1.

Elfwing et al. 2018 name it SiLU.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import logistic

__all__ = ["SWISH"]


def value(x: Array, *, beta: float = 1.0) -> Array:
    """Return x logistic(beta x)."""
    return np.asarray(x * logistic(beta * x))


def derivative(x: Array, *, beta: float = 1.0) -> Array:
    """Return s + beta x s (1 - s), s = logistic(beta x)."""
    s = logistic(beta * x)
    return np.asarray(s + beta * x * s * (1.0 - s))


SWISH = ActivationReference(
    "swish",
    "Ramachandran, Zoph & Le 2017, equation 1",
    value,
    derivative,
    options={"beta": 1.0},
    also=("silu",),
)
