"""Sophia. Liu et al. 2023, "Sophia: a scalable stochastic second-order optimizer", Algorithm 3.

m <- b1 m + (1 - b1) g, step = lr clip(m / max(rho B h, eps), 1). The diagonal Hessian h is averaged over
Gauss-Newton- Bartlett estimates B g^2 of a batch with drawn labels. Here the gradient itself stands for
that batch's, in every ``update_every``-th step from the first on, and h is updated after the step: so it is
for implementations whose Hessian comes from the same gradient.
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

__all__ = ["SOPHIA"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Sophia."""
    zero = np.zeros_like(g)
    state["m"] = m = o.beta1 * state.get("m", zero) + (1 - o.beta1) * g
    h = state.get("h", zero)
    if (state["t"] - 1) % int(o.update_every) == 0:
        state["h"] = o.beta2 * h + (1 - o.beta2) * g * g
    h = state.get("h", zero) if o.h_used == "after" else h
    size = o.rho * o.batch_size * h
    by = size + o.eps if o.eps_place == "added" else np.maximum(size, o.eps)
    ratio = m / by
    return np.asarray(o.lr * (np.clip(ratio, -1.0, 1.0) if o.clips else ratio))


SOPHIA = OptimizerReference(
    name="sophia",
    source="Liu et al. 2023, Algorithm 3",
    update=update,
    options={
        "lr": 1e-4,
        "beta1": 0.965,
        "beta2": 0.99,
        "rho": 0.04,
        "eps": 1e-15,
        "update_every": 1,
        "batch_size": 1.0,
        "weight_decay": 0.1,
    },
    hidden={"h_used": "after", "eps_place": "added", "clips": True},
    spellings={
        "update_every": ("update_every", "k", "update_period", "hessian_interval", "hess_interval"),
        "batch_size": ("batch_size", "bs"),
        "rho": ("rho", "gamma"),
    },
    dialects=(
        Dialect("order", "the Hessian is updated after the step", {"h_used": "before"}),
        Dialect("eps", "the denominator is at least eps", {"eps_place": "at least"}),
    ),
    suspects=(Suspect("clipping", "The step is not clipped to 1.", {"clips": False}),),
    decay="decoupled",
    scale=None,
    neutral=frozenset({"eps", "batch_size", "update_every"}),
)
