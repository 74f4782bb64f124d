"""Adadelta. Zeiler 2012, "ADADELTA: an adaptive learning rate method", Algorithm 1.

v <- rho v + (1 - rho) g^2, d = g sqrt(u + eps) / sqrt(v + eps), u <- rho u + (1 - rho) d^2, step = lr d
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

__all__ = ["ADADELTA"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Adadelta."""
    state["v"] = v = o.rho * state.get("v", np.zeros_like(g)) + (1 - o.rho) * g * g
    u = state.get("u", np.zeros_like(g))
    if o.u_used == "after":
        u = o.rho * u + (1 - o.rho) * g * g
    if o.root == "none":
        d = g * (u + o.eps) / (v + o.eps)
    elif o.eps_place == "outside":
        d = g * (np.sqrt(u) + o.eps) / (np.sqrt(v) + o.eps)
    elif o.eps_place == "denominator":
        d = g * np.sqrt(u) / np.sqrt(v + o.eps)
    else:
        d = g * np.sqrt(u + o.eps) / np.sqrt(v + o.eps)
    kept = {"d": d, "g": g, "lr d": o.lr * d}[o.u_of]
    state["u"] = o.rho * state.get("u", np.zeros_like(g)) + (1 - o.rho) * kept * kept
    return np.asarray(o.lr * d)


ADADELTA = OptimizerReference(
    name="adadelta",
    source="Zeiler 2012, Algorithm 1",
    update=update,
    options={"lr": 1.0, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
    hidden={"eps_place": "inside", "root": "sqrt", "u_of": "d", "u_used": "before"},
    spellings={
        "rho": ("rho", "decay_rate", "decay", "alpha", "gamma", "beta", "beta2", "b2", "momentum", "mu"),
        "lr": ("lr", "learning_rate", "step_size", "eta"),
        "weight_decay": ("weight_decay", "wd", "l2"),
    },
    dialects=(
        Dialect("eps", "eps outside the roots", {"eps_place": "outside"}),
        Dialect("kept", "the average of steps holds the rate too", {"u_of": "lr d"}),
    ),
    suspects=(
        Suspect("state", "The roots are forgotten.", {"root": "none"}),
        Suspect("state", "The average of steps is one of gradients.", {"u_of": "g"}),
        Suspect("state", "The average of steps is used after its update.", {"u_used": "after"}),
        Suspect(
            "epsilon", "The root of the steps lacks eps: it never leaves zero.", {"eps_place": "denominator"}
        ),
    ),
    decay="either",
    scale=0.0,
)
