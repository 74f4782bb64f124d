"""RMSprop. Tieleman & Hinton 2012, Coursera lecture 6.5; centred as in Graves 2013, eq. 38-45.

v <- a v + (1 - a) g^2, step = lr g / (sqrt(v) + eps). Centred: v - (average of g)^2 for v. With momentum mu:
b <- mu b + g / (sqrt(v) + eps), step = lr b. TensorFlow has eps inside the root and starts v at 1.
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

__all__ = ["RMSPROP"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of RMSprop."""
    before = state.get("v", np.full_like(g, o.v_start))
    square = g if o.v_of == "g" else g * g
    kept, new = (1 - o.alpha, o.alpha) if o.weights == "swapped" else (o.alpha, 1 - o.alpha)
    state["v"] = v = kept * before + (1.0 if o.weights == "sum" else new) * square
    if o.v_used == "before":
        v = before
    if o.v_used == "first" and state["t"] == 1:
        state["v"] = v = square
    if o.corrected:
        v = v / (1 - o.alpha ** state["t"])
    if o.centered and o.centring != "ignored":
        state["mean"] = mean = o.alpha * state.get("mean", np.zeros_like(g)) + (1 - o.alpha) * g
        v = v - (mean if o.centring == "not squared" else mean * mean)
        v = v + mean * mean * 2 if o.centring == "added" else v
    direction = g / _root(v, o)
    momentum = o.momentum or 0.0
    if not momentum:
        return np.asarray(o.lr * direction)
    if o.buffer == "of gradients":
        state["b"] = b = momentum * state.get("b", np.zeros_like(g)) + g
        return np.asarray(o.lr * b / _root(v, o))
    weight = 1 - momentum if o.buffer == "average" else 1.0
    rate = o.lr if o.rate_inside else 1.0
    state["b"] = b = momentum * state.get("b", np.zeros_like(g)) + weight * rate * direction
    if o.buffer == "unused":
        b = rate * direction
    if getattr(o, "nesterov", False):
        b = rate * direction + momentum * b
    return np.asarray(b if o.rate_inside else o.lr * b)


def _root(v: Tensor64, o: SimpleNamespace) -> Tensor64:
    with np.errstate(divide="ignore", invalid="ignore"):
        if o.root == "none":
            return np.asarray(v + o.eps)
        if o.eps_place == "inside":
            return np.asarray(np.sqrt(v + o.eps))
        if o.eps_place == "twice":
            return np.asarray(np.sqrt(v + o.eps) + o.eps)
        return np.asarray(np.sqrt(np.maximum(v, 0.0)) + o.eps)


RMSPROP = OptimizerReference(
    name="rmsprop",
    source="Tieleman & Hinton 2012, lecture 6.5",
    update=update,
    options={
        "lr": 1e-2,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum": 0.0,
        "centered": False,
        "nesterov": False,
    },
    hidden={
        "v_start": 0.0,
        "v_of": "g * g",
        "v_used": "after",
        "weights": "right",
        "root": "sqrt",
        "eps_place": "outside",
        "centring": "right",
        "buffer": "of steps",
        "rate_inside": False,
        "corrected": False,
    },
    spellings={
        "lr": ("lr", "learning_rate", "step_size", "stepsize", "eta"),
        "alpha": (
            "alpha",
            "rho",
            "decay_rate",
            "decay",
            "beta2",
            "b2",
            "beta",
            "gamma",
            "smoothing",
            "smoothing_constant",
            "discount",
            "discounting_factor",
        ),
        "weight_decay": ("weight_decay", "wd", "l2", "weight_decay_rate"),
        "momentum": ("momentum", "mu"),
    },
    dialects=(
        Dialect("eps", "eps inside the root", {"eps_place": "inside"}),
        Dialect("start", "the average starts at 1", {"v_start": 1.0}),
        Dialect("rate", "the buffer holds the rate too", {"rate_inside": True}),
    ),
    suspects=(
        Suspect("state", "The root of the second moment is forgotten.", {"root": "none"}),
        Suspect(
            "state",
            "alpha (rho) stands with the new square, 1 - alpha with the old average.",
            {"weights": "swapped"},
        ),
        Suspect("state", "The squared gradient is added without 1 - alpha.", {"weights": "sum"}),
        Suspect("state", "The average is of g, not of g squared.", {"v_of": "g"}),
        Suspect("state", "The average is used before it is updated.", {"v_used": "before"}),
        Suspect("state", "The average starts at the first square.", {"v_used": "first"}),
        Suspect("bias-correction", "The average is corrected for its start.", {"corrected": True}),
        Suspect("epsilon", "eps is added inside the root and outside again.", {"eps_place": "twice"}),
        Suspect("momentum", "The buffer holds gradients, not scaled steps.", {"buffer": "of gradients"}),
        Suspect("momentum", "The buffer takes a running average of steps.", {"buffer": "average"}),
        Suspect("momentum", "The buffer is formed and not used.", {"buffer": "unused"}),
        Suspect("ignored-option", "centered changes nothing.", {"centring": "ignored"}),
        Suspect("state", "The mean is subtracted, not its square.", {"centring": "not squared"}),
        Suspect("sign", "The squared mean is added, not subtracted.", {"centring": "added"}),
    ),
    decay="either",
    scale=0.0,
)
