"""Hard sigmoid: clip(x / 6 + 1/2, 0, 1). Howard et al. 2019, section 5.2.

Keras' older clip(0.2 x + 0.5, 0, 1) (Courbariaux et al. 2015 have slope 1/2) is accepted as a dialect.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["HARDSIGMOID"]


def value(x: Array, *, slope: float = 1.0 / 6.0) -> Array:
    """Return clip(slope x + 1/2, 0, 1)."""
    return np.clip(slope * x + 0.5, 0.0, 1.0)


def derivative(x: Array, *, slope: float = 1.0 / 6.0) -> Array:
    """Return the slope between the two ends, else 0."""
    return np.where(np.abs(slope * x) < 0.5, slope, 0.0)


HARDSIGMOID = ActivationReference(
    "hardsigmoid",
    "Howard et al. 2019, section 5.2",
    value,
    derivative,
    options={"slope": 1.0 / 6.0},
    kinks=(-3.0, 3.0, -2.5, 2.5, -1.0, 1.0),
    dialects={"slope 0.2, as Keras 2": {"slope": 0.2}, "slope 0.5": {"slope": 0.5}},
    also=("hard-sigmoid",),
)
