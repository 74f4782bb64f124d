"""Averaged SGD. Polyak & Juditsky 1992; rates as in Bottou 2010 and torch.

p <- p (1 - lambd eta_t) - eta_t g with eta_1 = lr and eta_{t+1} = lr / (1 + lambd lr t)^alpha. The average of
the weights is kept beside and not returned by the step.
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

__all__ = ["ASGD"]


def update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of averaged SGD."""
    t = state["t"] - 1 + o.late
    rate = o.lr / (1 + o.lambd * o.lr * t) ** o.alpha
    if o.precedence == "wrong":
        rate = o.lr / 1 + o.lambd * o.lr * t**o.alpha
    if o.precedence == "power":
        rate = o.lr / (1 + (o.lambd * o.lr * t) ** o.alpha)
    if o.precedence == "no rate":
        rate = o.lr / (1 + o.lambd * t) ** o.alpha
    shrunk = o.lambd * (o.lr if o.shrinks_by == "lr" else rate) * p
    return np.asarray(shrunk * (0.0 if o.shrinks_by == "nothing" else 1.0) + rate * g)


ASGD = OptimizerReference(
    name="asgd",
    source="Polyak & Juditsky 1992; Bottou 2010",
    update=update,
    options={"lr": 1e-2, "lambd": 1e-4, "alpha": 0.75, "t0": 1e6, "weight_decay": 0.0},
    hidden={"late": 0, "precedence": "right", "shrinks_by": "eta"},
    spellings={
        "lr": ("lr", "learning_rate", "step_size", "eta", "eta0"),
        "lambd": ("lambd", "lambda_", "lam"),
        "alpha": ("alpha", "power"),
        "t0": ("t0",),
        "weight_decay": ("weight_decay", "wd", "l2"),
    },
    dialects=(Dialect("rate", "the rate falls from the first step on", {"late": 1}),),
    suspects=(
        Suspect(
            "rate-scale",
            "Brackets are missing in the rate: lr / 1 + lambd lr t^alpha.",
            {"precedence": "wrong"},
        ),
        Suspect(
            "rate-scale", "The power takes lambd lr t alone, not 1 + lambd lr t.", {"precedence": "power"}
        ),
        Suspect("rate-scale", "The rate falls with lambd t, not with lambd lr t.", {"precedence": "no rate"}),
        Suspect("weight-decay", "The weights shrink by lr lambd, not by eta lambd.", {"shrinks_by": "lr"}),
        Suspect("weight-decay", "The weights do not shrink by lambd.", {"shrinks_by": "nothing"}),
    ),
    decay="coupled",
    scale=None,
    is_lr_linear=False,
    amplified={"lambd": 0.5, "alpha": 0.6},
    neutral=frozenset({"t0"}),
)
