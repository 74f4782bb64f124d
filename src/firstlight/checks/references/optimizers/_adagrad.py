"""Adagrad. Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", Figure 1 with a diagonal matrix.

s <- s + g^2, step = lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)
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

__all__ = ["ADAGRAD"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Adagrad."""
    before = state.get("s", np.full_like(g, o.initial_accumulator_value))
    state["s"] = s = before + (np.abs(g) if o.s_of == "|g|" else g * g)
    if o.s_used == "before":
        s = before
    if o.s_used == "average":
        s = s / state["t"]
    if o.s_used == "last":
        s = g * g
    rate = o.lr / (1 + (state["t"] - 1 + o.late) * o.lr_decay)
    with np.errstate(divide="ignore", invalid="ignore"):
        if o.root == "none":
            root = s + o.eps
        elif o.eps_place == "inside":
            root = np.sqrt(s + o.eps)
        elif o.eps_place == "twice":
            root = np.sqrt(s + o.eps) + o.eps
        else:
            root = np.sqrt(s) + o.eps
        return np.where(g == 0, 0.0, rate * g / root)


ADAGRAD = OptimizerReference(
    name="adagrad",
    source="Duchi, Hazan & Singer 2011, Figure 1",
    update=update,
    options={
        "lr": 1e-2,
        "eps": 1e-10,
        "weight_decay": 0.0,
        "lr_decay": 0.0,
        "initial_accumulator_value": 0.0,
    },
    hidden={"s_of": "g * g", "s_used": "after", "root": "sqrt", "eps_place": "outside", "late": 0},
    spellings={
        "initial_accumulator_value": ("initial_accumulator_value", "initial_accumulator"),
        "weight_decay": ("weight_decay", "wd", "l2", "reg"),
    },
    dialects=(
        Dialect("eps", "eps inside the root", {"eps_place": "inside"}),
        Dialect("start", "the sum starts at 0.1", {"initial_accumulator_value": 0.1}),
    ),
    suspects=(
        Suspect("state", "The root of the sum of squares is forgotten.", {"root": "none"}),
        Suspect("state", "The sum is of |g|, not of g squared.", {"s_of": "|g|"}),
        Suspect("state", "The sum is used before it is updated.", {"s_used": "before"}),
        Suspect("state", "The mean of the squares is taken, not their sum.", {"s_used": "average"}),
        Suspect("state", "The squares are not summed: only the last one counts.", {"s_used": "last"}),
        Suspect("epsilon", "eps is added inside the root and outside again.", {"eps_place": "twice"}),
        Suspect("rate-scale", "lr_decay counts from 1 in the first step.", {"late": 1}),
    ),
    decay="either",
    scale=0.0,
    amplified={"lr_decay": 0.1, "initial_accumulator_value": 0.2},
)
