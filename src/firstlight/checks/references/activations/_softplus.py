"""Softplus: log(1 + exp(beta x)) / beta. Dugas et al. 2001, equation 1.

Torch gives x itself where beta x is above 20; that differs by less than 3e-9.
"""

from __future__ import annotations

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._logistic import log1p_exp, logistic

__all__ = ["SOFTPLUS"]


def value(x: Array, *, beta: float = 1.0) -> Array:
    """Return log(1 + exp(beta x)) / beta."""
    return log1p_exp(beta * x) / beta


def derivative(x: Array, *, beta: float = 1.0) -> Array:
    """Return logistic(beta x)."""
    return logistic(beta * x)


SOFTPLUS = ActivationReference(
    "softplus",
    "Dugas et al. 2001, equation 1",
    value,
    derivative,
    options={"beta": 1.0},
)
