"""ADOPT. Taniguchi et al. 2024.

"ADOPT: modified Adam can converge with any beta2 with the optimal rate", Algorithm 2.

v_0 = g_0^2 without a step; then m <- b1 m + (1 - b1) clip(g / max(sqrt(v), eps), t^0.25), step = lr m, and
only then v <- b2 v + (1 - b2) g^2: the gradient is divided by the root of what was before it.
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

__all__ = ["ADOPT"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of ADOPT."""
    t = state["t"]
    if t == 1 and o.first == "waits":
        state["v"] = g * g
        return np.zeros_like(g)
    before = state.get("v", np.zeros_like(g))
    after = o.beta2 * before + (1 - o.beta2) * g * g
    v = after if o.v_used == "after" else before
    by = {
        "at least": np.maximum(np.sqrt(v), o.eps),
        "added": np.sqrt(v) + o.eps,
        "inside": np.sqrt(v + o.eps),
    }[o.eps_place]
    with np.errstate(divide="ignore", invalid="ignore"):
        normed = np.nan_to_num(g / by)
    if o.clip != "none":
        most = float((t if o.clip == "t" else t - 1) ** 0.25)
        normed = np.clip(normed, -most, most)
    state["m"] = m = o.beta1 * state.get("m", np.zeros_like(g)) + (1 - o.beta1) * normed
    state["v"] = after
    return np.asarray(o.lr * m)


ADOPT = OptimizerReference(
    name="adopt",
    source="Taniguchi et al. 2024, Algorithm 2",
    update=update,
    options={"lr": 1e-3, "beta1": 0.9, "beta2": 0.9999, "eps": 1e-6, "weight_decay": 0.0},
    hidden={"first": "waits", "v_used": "before", "eps_place": "at least", "clip": "t - 1"},
    dialects=(
        Dialect("clip", "no clipping, as in the first version", {"clip": "none"}),
        Dialect("clip", "the clip counts the first step too", {"clip": "t"}),
        Dialect("eps", "eps added to the root", {"eps_place": "added"}),
        Dialect("eps", "eps inside the root", {"eps_place": "inside"}),
    ),
    suspects=(
        Suspect(
            "state",
            "The second moment is updated before it divides the gradient: that is Adam's order.",
            {"v_used": "after"},
        ),
        Suspect("state", "The first step is made with a second moment of zero.", {"first": "steps"}),
    ),
    decay="either",
    scale=None,
)
