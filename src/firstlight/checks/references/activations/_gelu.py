"""GELU: x Phi(x), Phi the normal distribution. Hendrycks & Gimpel 2016, section 2.

The paper also gives 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) and x logistic(1.702 x): both are
accepted where nothing says which one is meant.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfc

from firstlight.checks.references.activations._activation import ActivationReference, Array
from firstlight.checks.references.activations._gelu_tanh import derivative as gelu_tanh_derivative
from firstlight.checks.references.activations._gelu_tanh import value as gelu_tanh
from firstlight.checks.references.activations._quick_gelu import derivative as quick_gelu_derivative
from firstlight.checks.references.activations._quick_gelu import value as quick_gelu

__all__ = ["GELU"]


def value(x: Array, *, approximate: str | bool = "none") -> Array:
    """Return x Phi(x), or one of its two approximations."""
    if approximate in ("tanh", True):
        return gelu_tanh(x)
    if approximate == "sigmoid":
        return quick_gelu(x)
    return np.asarray(x * 0.5 * erfc(-x / np.sqrt(2.0)))


def derivative(x: Array, *, approximate: str | bool = "none") -> Array:
    """Return Phi(x) + x phi(x), or that of an approximation."""
    if approximate in ("tanh", True):
        return gelu_tanh_derivative(x)
    if approximate == "sigmoid":
        return quick_gelu_derivative(x)
    density = np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)
    return np.asarray(0.5 * erfc(-x / np.sqrt(2.0)) + x * density)


GELU = ActivationReference(
    "gelu",
    "Hendrycks & Gimpel 2016, section 2",
    value,
    derivative,
    options={"approximate": "none"},
    dialects={
        "the tanh approximation": {"approximate": "tanh"},
        "the sigmoid approximation": {"approximate": "sigmoid"},
    },
)
