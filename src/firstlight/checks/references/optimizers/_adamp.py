"""AdamP and SGDP. Heo et al. 2021, "AdamP: slowing down the weight norm increase", Algorithms 2 and 1.

Where the gradient is nearly orthogonal to the weights (of a channel, else of the whole tensor; cosine below
delta / sqrt(n)), the part of the step along the weights is taken away and weight decay is multiplied by
wd_ratio.
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

__all__ = ["ADAMP", "SGDP"]


def projected(p: Tensor64, g: Tensor64, step: Tensor64, o: SimpleNamespace) -> tuple[Tensor64, float]:
    """Return the step without its radial part, and what weight decay is multiplied by."""
    if p.ndim < 2 or o.projects == "never":
        return step, 1.0
    for rows in (p.shape[0], 1):
        weights, grads, moved = (x.reshape(rows, -1) for x in (p, g, step))
        sizes = np.linalg.norm(weights, axis=1)
        by = np.maximum(sizes, o.eps) * np.maximum(np.linalg.norm(grads, axis=1), o.eps)
        cosines = np.abs((weights * grads).sum(1)) / np.maximum(by, 1e-300)
        if cosines.max() < o.delta / np.sqrt(weights.shape[1]):
            unit = weights / (sizes[:, None] + o.eps)
            radial = (unit * moved).sum(1, keepdims=True)
            return (moved - unit * radial).reshape(p.shape), o.wd_ratio
    return step, 1.0


def adamp_update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of AdamP, weight decay included."""
    t = max(state["t"], 1)
    state["m"] = m = o.beta1 * state.get("m", np.zeros_like(g)) + (1 - o.beta1) * g
    state["v"] = v = o.beta2 * state.get("v", np.zeros_like(g)) + (1 - o.beta2) * g * g
    looked = o.beta1 * m + (1 - o.beta1) * g if o.nesterov else m
    by = np.sqrt(v / (1 - o.beta2**t))
    with np.errstate(divide="ignore", invalid="ignore"):
        guarded = {
            "outside": by + o.eps,
            "after": 1 / (1 / by + o.eps),
            "uncorrected": by + o.eps / np.sqrt(1 - o.beta2**t),
        }[o.eps_place]
        step = np.nan_to_num(looked / guarded)
    step, ratio = projected(p, g, step, o)
    shrink = o.lr * o.weight_decay * ratio
    return np.asarray(shrink * p + o.lr / (1 - o.beta1**t) * step)


def sgdp_update(p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of SGDP, weight decay included."""
    b = state.get("b", np.zeros_like(g))
    state["b"] = b = o.momentum * b + (1 - o.dampening) * g
    step, ratio = projected(p, g, g + o.momentum * b if o.nesterov else b, o)
    by = 1 - o.momentum if o.decay_by == "momentum" else 1.0
    return np.asarray(o.lr * o.weight_decay * ratio / by * p + o.lr * step)


HIDDEN = {"projects": "right", "eps_place": "outside", "decay_by": "momentum"}
SPELLINGS = {"wd_ratio": ("wd_ratio",), "delta": ("delta",)}
SUSPECTS = (
    Suspect("forward", "The step along the weights is never taken away.", {"projects": "never"}),
    Suspect(
        "epsilon", "eps is added to 1 / sqrt(v): it does not guard the division.", {"eps_place": "after"}
    ),
)

ADAMP = OptimizerReference(
    name="adamp",
    source="Heo et al. 2021, Algorithm 2",
    update=adamp_update,
    options={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "delta": 0.1,
        "wd_ratio": 0.1,
        "nesterov": False,
        "weight_decay": 0.0,
    },
    hidden=HIDDEN,
    spellings=SPELLINGS,
    dialects=(
        Dialect("eps", "eps added to the root of the uncorrected average", {"eps_place": "uncorrected"}),
    ),
    suspects=SUSPECTS,
    decay="none",
    scale=0.0,
    is_elementwise=False,
    is_lr_linear=False,
    neutral=frozenset({"delta", "wd_ratio"}),
)

SGDP = OptimizerReference(
    name="sgdp",
    source="Heo et al. 2021, Algorithm 1",
    update=sgdp_update,
    options={
        "lr": 1e-1,
        "momentum": 0.9,
        "dampening": 0.0,
        "eps": 1e-8,
        "delta": 0.1,
        "wd_ratio": 0.1,
        "nesterov": False,
        "weight_decay": 0.0,
    },
    hidden=HIDDEN,
    spellings=SPELLINGS,
    dialects=(Dialect("decay", "weight decay is not divided by 1 - momentum", {"decay_by": "one"}),),
    suspects=SUSPECTS[:1],
    decay="none",
    scale=1.0,
    is_elementwise=False,
    is_lr_linear=False,
    neutral=frozenset({"delta", "wd_ratio", "eps"}),
)
