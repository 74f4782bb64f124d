"""Tanh: the hyperbolic tangent. LeCun et al. 1998, "Efficient backprop", section 4.4.

LeCun's 1.7159 tanh(2 x / 3) is accepted as a dialect.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["TANH"]


def value(x: Array, *, height: float = 1.0, rate: float = 1.0) -> Array:
    """Return height tanh(rate x)."""
    return height * np.tanh(rate * x)


def derivative(x: Array, *, height: float = 1.0, rate: float = 1.0) -> Array:
    """Return height rate (1 - tanh(rate x)^2)."""
    return height * rate * (1.0 - np.tanh(rate * x) ** 2)


TANH = ActivationReference(
    "tanh",
    "LeCun et al. 1998, section 4.4",
    value,
    derivative,
    options={"height": 1.0, "rate": 1.0},
    dialects={"LeCun's 1.7159 tanh(2 x / 3)": {"height": 1.7159, "rate": 2.0 / 3.0}},
)
