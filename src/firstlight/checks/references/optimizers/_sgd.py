"""Stochastic gradient descent, with momentum and Nesterov's momentum.

Robbins & Monro 1951; Polyak 1964; Nesterov 1983 in the form of Sutskever et al. 2013, "On the importance of
initialization and momentum in deep learning", rewritten for the point where the gradient is taken:

    b <- mu b + (1 - dampening) g,  step = lr b,  with Nesterov lr (g + mu b)

The first b is g itself, as in torch. Where b holds the rate too (b <- mu b + lr g; Keras), nothing differs
until the rate changes.
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

__all__ = ["MOMENTUM", "NESTEROV", "SGD"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step."""
    if not o.momentum:
        return np.asarray(o.lr * g)
    is_first = "b" not in state
    before = 0 * g if is_first else state["b"]
    weight = 1.0 if is_first and not o.damps_first else 1 - o.dampening
    if o.running_average:
        weight = 1 - o.momentum
    rate = o.lr if o.rate_inside else 1.0
    state["b"] = b = o.momentum * before + weight * rate * g
    if o.b_used == "g":
        b = rate * g
    if o.b_used == "before":
        b = before
    if o.b_used == "lr twice":
        b = o.lr * b
    if o.nesterov == (not o.nesterov_flipped):
        looked = {"right": b, "before": before}[o.nesterov_b]
        b = o.momentum * looked + {"g": rate * g, "b": b, "none": 0 * g}[o.nesterov_g]
    return np.asarray(b if o.rate_inside else o.lr * b)


HIDDEN = {
    "damps_first": False,
    "running_average": False,
    "rate_inside": False,
    "b_used": "b",
    "nesterov_b": "right",
    "nesterov_g": "g",
    "nesterov_flipped": False,
}

DIALECTS = (
    Dialect("first", "dampening from the first step on", {"damps_first": True}),
    Dialect("rate", "the buffer holds the rate too", {"rate_inside": True}),
)

SUSPECTS = (
    Suspect(
        "momentum",
        "The gradient enters the buffer with 1 - momentum: a running average, whose steps are smaller.",
        {"running_average": True},
    ),
    Suspect("momentum", "The buffer is formed, and the raw gradient used.", {"b_used": "g"}),
    Suspect("momentum", "The buffer is used before it is updated.", {"b_used": "before"}),
    Suspect(
        "rate-scale",
        "The rate is multiplied in twice: in the buffer and in the step.",
        {"b_used": "lr twice"},
    ),
    Suspect(
        "momentum",
        "Nesterov's look-ahead is missing, or made where it is not wanted.",
        {"nesterov_flipped": True},
    ),
    Suspect(
        "momentum",
        "Nesterov's look-ahead is missing, or made with the old buffer: this is plain momentum.",
        {"nesterov_b": "before"},
    ),
    Suspect("momentum", "Nesterov's step lacks the gradient itself.", {"nesterov_g": "none"}),
    Suspect("momentum", "Nesterov adds the buffer to itself, not to the gradient.", {"nesterov_g": "b"}),
)

SGD = OptimizerReference(
    name="sgd",
    source="Robbins & Monro 1951; Sutskever et al. 2013",
    update=update,
    options={"lr": 1e-3, "momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0},
    hidden=HIDDEN,
    dialects=DIALECTS,
    suspects=SUSPECTS,
    decay="coupled",
    scale=1.0,
)

MOMENTUM = OptimizerReference(
    **{**vars(SGD), "name": "momentum", "source": "Polyak 1964", "options": {**SGD.options, "momentum": 0.9}}
)

NESTEROV = OptimizerReference(
    **{
        **vars(SGD),
        "name": "nesterov",
        "source": "Nesterov 1983; Sutskever et al. 2013",
        "options": {**SGD.options, "momentum": 0.9, "nesterov": True},
    }
)
