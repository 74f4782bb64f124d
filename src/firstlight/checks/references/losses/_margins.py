"""Margin losses: hinge of signs; the multi-class margin of Weston & Watkins 1999, Crammer & Singer 2001.

Torch divides the sum over the other classes by the number of classes; Weston & Watkins do not.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.losses._loss import Array, LossReference

__all__ = ["HINGE", "MULTI_MARGIN"]


def hinge(outputs: Array, targets: Array, *, margin: float = 1.0, p: float = 1.0) -> Array:
    """Return max(0, margin - sign output)^p. Vapnik 1995."""
    return np.asarray(np.maximum(0.0, margin - targets * outputs) ** p)


def multi_margin(
    outputs: Array, targets: Array, *, margin: float = 1.0, p: float = 1.0, over: str = "classes"
) -> Array:
    """Return the sum, or mean, or largest, of max(0, margin - own + other)^p over the other classes."""
    own = (outputs * targets).sum(axis=-1, keepdims=True)
    short = np.maximum(0.0, margin - own + outputs) ** p * (1.0 - targets)
    if over == "largest":
        return np.asarray(short.max(axis=-1))
    k = outputs.shape[-1]
    return np.asarray(short.sum(axis=-1) / {"classes": k, "others": k - 1, "sum": 1}[over])


HINGE = LossReference(
    "hinge",
    "Vapnik 1995; Bishop 2006, equation 7.44",
    hinge,
    forms=("signs",),
    inputs="values",
    is_elementwise=True,
    options={"margin": 1.0, "p": 1.0},
    dialects={"squared": {"p": 2.0}},
    also=("binary-hinge",),
)
MULTI_MARGIN = LossReference(
    "multi-margin",
    "Weston & Watkins 1999; Crammer & Singer 2001",
    multi_margin,
    inputs="values",
    options={"margin": 1.0, "p": 1.0, "over": "classes"},
    aliases={"margin": ("delta",)},
    dialects={
        "summed over classes": {"over": "sum"},
        "divided by the other classes": {"over": "others"},
        "the largest violation": {"over": "largest"},
        "squared": {"p": 2.0},
        "squared and summed": {"p": 2.0, "over": "sum"},
    },
    also=("multiclass-hinge", "svm"),
)
