"""Hard swish: x relu6(x + 3) / 6. Howard et al. 2019, "Searching for MobileNetV3", section 5.2."""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["HARDSWISH"]


def value(x: Array) -> Array:
    """Return x min(max(x + 3, 0), 6) / 6."""
    return x * np.clip(x + 3.0, 0.0, 6.0) / 6.0


def derivative(x: Array) -> Array:
    """Return 0 below -3, 1 above 3, (2 x + 3) / 6 between."""
    return np.where(x <= -3.0, 0.0, np.where(x >= 3.0, 1.0, (2.0 * x + 3.0) / 6.0))


HARDSWISH = ActivationReference(
    "hardswish",
    "Howard et al. 2019, section 5.2",
    value,
    derivative,
    kinks=(-3.0, 3.0),
    also=("hard-swish", "hard-silu"),
)
