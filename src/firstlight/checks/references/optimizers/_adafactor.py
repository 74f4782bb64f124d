"""Adafactor. Shazeer & Stern 2018.

"Adafactor: adaptive learning rates with sublinear memory cost", Algorithm 6.

The second moment of a matrix is the outer product of its row and column means, averaged with b2_t = 1 -
t^-0.8; the step g / sqrt(v) is scaled down to a root mean square of at most d, and by max(eps2, rms(p))
min(lr, 1 / sqrt(t)).
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

__all__ = ["ADAFACTOR"]


def _mean_square(x: Tensor64) -> float:
    return float(np.sqrt(np.mean(x * x))) if x.size else 0.0


def _second_moment(g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the estimate of g^2: factored over the last two axes of a matrix."""
    new = float(max(state["t"], 1) ** o.beta2_decay)
    least = np.finfo(np.float64).eps if o.eps1 is None else o.eps1
    square = g * g + (least if o.eps_place == "square" else 0.0)
    if g.ndim < 2 or o.factored == "never":
        state["v"] = v = (1 - new) * state.get("v", np.zeros_like(g)) + new * square
        return np.asarray(v)
    for name, axis in (("rows", -1), ("columns", -2)):
        mean = square.mean(axis=axis, keepdims=True)
        state[name] = (1 - new) * state.get(name, np.zeros_like(mean)) + new * mean
    whole = state["rows"].mean(axis=-2, keepdims=True)
    return np.asarray(state["rows"] * state["columns"] / np.maximum(whole, max(least, 1e-300)))


def update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Adafactor, weight decay included."""
    v = _second_moment(g, state, o)
    least = np.finfo(np.float64).eps if o.eps1 is None else o.eps1
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.nan_to_num(g / np.sqrt(np.maximum(v, least**2) if o.eps_place == "least" else v))
    step = step / max(1.0, _mean_square(step) / o.d) if o.clips else step
    rate = min(o.lr, max(state["t"], 1) ** -0.5) if o.relative else o.lr
    if o.scaled:
        rate *= max(o.eps2, _mean_square(p))
    decay = (o.lr if o.decay_by == "lr" else rate) * o.weight_decay
    return np.asarray(decay * p + rate * step)


ADAFACTOR = OptimizerReference(
    name="adafactor",
    source="Shazeer & Stern 2018, Algorithm 6",
    update=update,
    options={
        "lr": 1e-2,
        "beta2_decay": -0.8,
        "d": 1.0,
        "eps1": None,
        "eps2": 1e-3,
        "weight_decay": 0.0,
    },
    hidden={
        "eps_place": "least",
        "factored": "matrices",
        "clips": True,
        "relative": True,
        "scaled": True,
        "decay_by": "lr",
    },
    spellings={
        "beta2_decay": ("beta2_decay", "decay_rate", "decay_exponent"),
        "d": ("d", "clip_threshold", "clipping_threshold"),
        "eps1": ("eps1", "eps[0]", "epsilon1"),
        "eps2": ("eps2", "eps[1]", "epsilon2"),
    },
    dialects=(
        Dialect("decay", "weight decay by the scaled rate", {"decay_by": "scaled rate"}),
        Dialect("eps", "eps1 added to the squared gradient, as in the paper", {"eps_place": "square"}),
        Dialect("rate", "a rate that is not bounded by 1 / sqrt(t)", {"relative": False}),
        Dialect("scale", "a rate that does not go with the weights' size", {"scaled": False}),
    ),
    suspects=(
        Suspect("clipping", "The step is not scaled down to d.", {"clips": False}),
        Suspect("state", "The second moment is not factored.", {"factored": "never"}),
    ),
    decay="none",
    scale=0.0,
    is_elementwise=False,
    is_lr_linear=False,
    amplified={"d": 1.0, "eps2": 0.5, "beta2_decay": -0.5},
    neutral=frozenset({"eps1", "eps2", "d"}),
)
