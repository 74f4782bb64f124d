"""Adan. Xie et al. 2022.

"Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models", Algorithm 1.

With d = g - (the gradient before; 0 at first) and decay rates b (1 - beta of the paper): m <- b1 m + (1 -
b1) g, v <- b2 v + (1 - b2) d, n <- b3 n + (1 - b3) (g + b2 d)^2, all corrected, step = lr (m + b2 v) /
(sqrt(n) + eps), and p <- (p - step) / (1 + lr wd).
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

__all__ = ["ADAN"]


def update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return what the weight loses, its decay included."""
    t, zero = state["t"], np.zeros_like(g)
    d = g - state.get("g", g if o.first == "zero" else zero)
    state["g"] = g.copy()
    if o.d_sign < 0:
        d = -d
    ahead = o.beta2 if o.look_ahead == "decay" else 1 - o.beta2
    state["m"] = m = o.beta1 * state.get("m", zero) + (1 - o.beta1) * g
    state["v"] = v = o.beta2 * state.get("v", zero) + (1 - o.beta2) * d
    state["n"] = n = o.beta3 * state.get("n", zero) + (1 - o.beta3) * (g + o.n_ahead * ahead * d) ** 2
    if o.corrected and t:
        m, v, n = m / (1 - o.beta1**t), v / (1 - o.beta2**t), n / (1 - o.beta3**t)
    inside = o.eps if o.eps_place == "inside" else o.eps_root
    root = np.sqrt(n + inside) + (0.0 if o.eps_place == "inside" else o.eps)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.nan_to_num(o.lr * (m + o.v_weight * ahead * v) / root)
    decay = o.lr * o.weight_decay
    if o.decay_way == "before":
        return np.asarray(step + decay * p)
    return np.asarray(p - (p - step) / (1 + decay))


ADAN = OptimizerReference(
    name="adan",
    source="Xie et al. 2022, Algorithm 1",
    update=update,
    options={
        "lr": 1e-3,
        "beta1": 0.98,
        "beta2": 0.92,
        "beta3": 0.99,
        "eps": 1e-8,
        "eps_root": 0.0,
        "weight_decay": 0.0,
    },
    hidden={
        "eps_place": "outside",
        "first": "zero",
        "look_ahead": "decay",
        "corrected": True,
        "decay_way": "proximal",
        "d_sign": 1,
        "v_weight": 1.0,
        "n_ahead": 1.0,
    },
    dialects=(
        Dialect("eps", "eps inside the root, as in the paper", {"eps_place": "inside"}),
        Dialect("decay", "p (1 - lr wd) before the step", {"decay_way": "before"}),
        Dialect("first", "the first difference is the gradient itself", {"first": "gradient"}),
    ),
    suspects=(
        Suspect(
            "momentum",
            "The look-ahead is weighted with 1 - beta2: in the paper beta2 is one minus the decay rate.",
            {"look_ahead": "1 - decay"},
        ),
        Suspect("bias-correction", "No average is corrected for starting at zero.", {"corrected": False}),
        Suspect("sign", "The difference of gradients has the wrong sign.", {"d_sign": -1}),
        Suspect("momentum", "The average of differences is formed and not used.", {"v_weight": 0.0}),
        Suspect("state", "The third average leaves the look-ahead out.", {"n_ahead": 0.0}),
    ),
    decay="none",
    scale=0.0,
    neutral=frozenset({"eps_root"}),
)
