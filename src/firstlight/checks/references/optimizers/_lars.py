"""LARS. You, Gitman & Ginsburg 2017, "Large batch training of convolutional networks", Algorithm 1.

local = eta |p| / (|g| + wd |p|), b <- mu b + lr local (g + wd p), step = b. optax divides by |g + wd p|
instead.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._optimizer import (
    Dialect,
    OptimizerReference,
    Suspect,
    Tensor64,
)

__all__ = ["LARS"]


def update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of LARS, weight decay included."""
    size, length = float(np.linalg.norm(p)), float(np.linalg.norm(g))
    decayed = g + o.weight_decay * p
    by = length + o.weight_decay * size if o.ratio_of == "both" else float(np.linalg.norm(decayed))
    if o.ratio_of == "gradient":
        by = length
    ratio = o.trust_coefficient * size / (by + o.eps) if size > 0 and by > 0 else 1.0
    if p.ndim <= 1 and o.vectors == "plain":
        ratio, decayed = 1.0, g
    if p.ndim <= 1 and o.vectors == "decayed":
        ratio = 1.0
    if o.ratio == "none":
        ratio = 1.0
    rate = o.lr if o.rate_inside else 1.0
    scaled = rate * ratio * decayed
    is_first = "b" not in state
    weight = 1.0 if is_first and not o.damps_first else 1 - o.dampening
    state["b"] = b = o.momentum * state.get("b", np.zeros_like(g)) + weight * scaled
    if o.nesterov:
        b = scaled + o.momentum * b
    return np.asarray(b if o.rate_inside else o.lr * b)


LARS = OptimizerReference(
    name="lars",
    source="You, Gitman & Ginsburg 2017, Algorithm 1",
    update=update,
    options={
        "lr": 1e-1,
        "momentum": 0.9,
        "trust_coefficient": 1e-3,
        "eps": 0.0,
        "dampening": 0.0,
        "nesterov": False,
        "weight_decay": 0.0,
    },
    hidden={
        "ratio_of": "both",
        "vectors": "scaled",
        "ratio": "right",
        "rate_inside": False,
        "damps_first": True,
    },
    spellings={"trust_coefficient": ("trust_coefficient", "trust_coef", "eta", "trust", "coefficient")},
    dialects=(
        Dialect("ratio", "the ratio's denominator is |g + wd p|", {"ratio_of": "sum"}),
        Dialect("vectors", "vectors take plain steps", {"vectors": "plain"}),
        Dialect("vectors", "vectors take plain steps with weight decay", {"vectors": "decayed"}),
        Dialect("rate", "the buffer holds the rate too", {"rate_inside": True}),
        Dialect("first", "the first gradient is not dampened", {"damps_first": False}),
    ),
    suspects=(
        Suspect("rate-scale", "The trust ratio is not used.", {"ratio": "none"}),
        Suspect("weight-decay", "Weight decay is missing in the ratio.", {"ratio_of": "gradient"}),
    ),
    decay="none",
    is_elementwise=False,
    is_lr_linear=False,
    neutral=frozenset({"eps", "dampening"}),
)
