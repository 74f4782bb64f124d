"""PReLU: x where x > 0, else a learnt weight times x. He et al. 2015, equation 1.

The weight begins with 0.25.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["PRELU"]


def value(x: Array, *, weight: float = 0.25) -> Array:
    """Return x where x > 0, else the weight times x."""
    return np.where(x > 0, x, weight * x)


def derivative(x: Array, *, weight: float = 0.25) -> Array:
    """Return 1 where x > 0, else the weight."""
    return np.where(x > 0, 1.0, weight)


PRELU = ActivationReference(
    "prelu",
    "He et al. 2015, equation 1",
    value,
    derivative,
    options={"weight": 0.25},
    aliases={"weight": ("init", "alpha", "a", "slope", "negative_slope")},
    kinks=(0.0,),
    dialects={"weight that begins with 0": {"weight": 0.0}, "weight that begins with 0.01": {"weight": 0.01}},
)
