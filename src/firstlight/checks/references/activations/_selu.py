"""SELU: lambda times ELU with alpha 1.6733. Klambauer et al. 2017, equation 2.

Constants that are rounded to four or fewer digits are accepted as a dialect.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.activations._activation import ActivationReference, Array

__all__ = ["SELU"]

SCALE = 1.0507009873554804934193349852946
ALPHA = 1.6732632423543772848170429916717


def value(x: Array, *, scale: float = SCALE, alpha: float = ALPHA) -> Array:
    """Return scale times x where x > 0, else scale alpha (exp(x) - 1)."""
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def derivative(x: Array, *, scale: float = SCALE, alpha: float = ALPHA) -> Array:
    """Return scale where x > 0, else scale alpha exp(x)."""
    return scale * np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


SELU = ActivationReference(
    "selu",
    "Klambauer et al. 2017, equation 2",
    value,
    derivative,
    options={"scale": SCALE, "alpha": ALPHA},
    aliases={"scale": ("lambda", "lam", "lambda_", "lmbda")},
    kinks=(0.0,),
    dialects={
        "constants 1.0507 and 1.6733": {"scale": 1.0507, "alpha": 1.6733},
        "constants 1.0507 and 1.67326": {"scale": 1.0507, "alpha": 1.67326},
        "constants 1.0507 and 1.673": {"scale": 1.0507, "alpha": 1.673},
        "constants 1.051 and 1.673": {"scale": 1.051, "alpha": 1.673},
        "constants 1.05 and 1.67": {"scale": 1.05, "alpha": 1.67},
    },
)
