"""Schedule-free SGD and AdamW. Defazio et al. 2024, "The road less scheduled", equations 9 to 11.

The parameter is y, where gradients are taken; z <- z - lr g, x <- (1 - c) x + c z, y = (1 - beta) z + beta
x, with c = 1 / t where the rate stays. AdamW divides g by sqrt(v') + eps and adds wd y to it.
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

__all__ = ["SCHEDULE_FREE_ADAMW", "SCHEDULE_FREE_SGD"]


def _stepped(y: Tensor64, g: Tensor64, beta: float, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return y minus the next y."""
    z = state.get("z", y.copy())
    x = state.get("x", y.copy())
    state["largest"] = largest = max(o.lr, state.get("largest", 0.0))
    weight = largest**o.weight_lr_power * state["t"] ** o.r if largest else 0.0
    state["sum"] = total = state.get("sum", 0.0) + weight
    c = weight / total if total else 0.0
    if o.c_is == "late":
        c = 1 / (state["t"] + 1)
    state["z"] = z = z - o.lr * g
    state["x"] = x = (1 - c) * x + c * z
    if o.y_is == "x":
        return np.asarray(y - x)
    mix = 1 - beta if o.y_is == "swapped" else beta
    return np.asarray(y - ((1 - mix) * z + mix * x))


def sgd_update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of schedule-free SGD."""
    return _stepped(p, g, o.momentum, state, o)


def adamw_update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of schedule-free AdamW, weight decay included."""
    state["v"] = v = o.beta2 * state.get("v", np.zeros_like(g)) + (1 - o.beta2) * g * g
    by = 1 - o.beta2 ** state["t"] if o.v_corrected and state["t"] else 1.0
    inside = 1e-15 if o.eps_place == "tiny inside" else 0.0
    root = np.sqrt(v / by + inside) + o.eps
    if o.eps_place == "uncorrected":
        root = (np.sqrt(v) + o.eps) / np.sqrt(by)
    with np.errstate(divide="ignore", invalid="ignore"):
        normed = np.nan_to_num(g / root)
    at = state.get("z", p) if o.decay_at == "z" else p
    return _stepped(p, normed + o.weight_decay * at, o.beta1, state, o)


HIDDEN = {"c_is": "right", "y_is": "right", "weight_lr_power": 2.0, "r": 0.0}
SUSPECTS = (
    Suspect("momentum", "The weights are the average x itself, not y between z and x.", {"y_is": "x"}),
    Suspect("momentum", "beta and 1 - beta are swapped in y.", {"y_is": "swapped"}),
    Suspect("state", "The average begins one step late: c = 1 / (t + 1).", {"c_is": "late"}),
)

SCHEDULE_FREE_SGD = OptimizerReference(
    name="schedule-free-sgd",
    source="Defazio et al. 2024, equations 9 to 11",
    update=sgd_update,
    options={"lr": 1.0, "momentum": 0.9, "weight_decay": 0.0},
    hidden=HIDDEN,
    spellings={"momentum": ("momentum", "beta", "b1", "beta1")},
    suspects=SUSPECTS,
    decay="coupled",
    scale=1.0,
)

SCHEDULE_FREE_ADAMW = OptimizerReference(
    name="schedule-free-adamw",
    source="Defazio et al. 2024, Algorithm 1",
    update=adamw_update,
    options={"lr": 2.5e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    hidden={**HIDDEN, "v_corrected": True, "eps_place": "outside", "decay_at": "y"},
    dialects=(
        Dialect("eps", "eps added to the root of the uncorrected average", {"eps_place": "uncorrected"}),
        Dialect("eps", "1e-15 inside the root too", {"eps_place": "tiny inside"}),
        Dialect("decay", "weight decay at z", {"decay_at": "z"}),
    ),
    suspects=(
        *SUSPECTS,
        Suspect("bias-correction", "The second moment is not corrected.", {"v_corrected": False}),
    ),
    decay="none",
    scale=0.0,
)
