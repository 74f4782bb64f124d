"""Leaky ReLU: x where x > 0, else slope times x. Maas, Hannun & Ng 2013, section 2.

Torch has slope 0.01; 0.1 (Darknet), 0.2 (TensorFlow, GANs), 0.3 (Keras), 1/3 and 1/5.5 (Xu et al. 2015)
are accepted as dialects.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["LEAKY_RELU"]


def value(x: Array, *, negative_slope: float = 0.01) -> Array:
    """Return x where x > 0, else the slope times x."""
    return np.where(x > 0, x, negative_slope * x)


def derivative(x: Array, *, negative_slope: float = 0.01) -> Array:
    """Return 1 where x > 0, else the slope."""
    return np.where(x > 0, 1.0, negative_slope)


LEAKY_RELU = ActivationReference(
    "leaky-relu",
    "Maas, Hannun & Ng 2013, section 2",
    value,
    derivative,
    options={"negative_slope": 0.01},
    aliases={"negative_slope": ("slope", "alpha", "leak", "leakiness", "a")},
    kinks=(0.0,),
    dialects={f"slope {slope:.3g}": {"negative_slope": slope} for slope in (0.1, 0.2, 0.3, 1 / 3, 1 / 5.5)},
)
