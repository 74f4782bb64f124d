"""AdaBound and AMSBound. Luo et al. 2019, "Adaptive gradient methods with dynamic bound of learning rate".

The rate of each entry, lr sqrt(1 - b2^t) / (1 - b1^t) / (sqrt(v) + eps), is kept between final_lr (1 - 1 /
(gamma t + 1)) and final_lr (1 + 1 / (gamma t)), then multiplied by m. AMSBound takes the largest v so far.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._optimizer import OptimizerReference, Suspect, Tensor64

__all__ = ["ADABOUND", "AMSBOUND"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step."""
    t = max(state["t"], 1)
    state["m"] = m = o.beta1 * state.get("m", np.zeros_like(g)) + (1 - o.beta1) * g
    state["v"] = v = o.beta2 * state.get("v", np.zeros_like(g)) + (1 - o.beta2) * g * g
    if o.amsgrad:
        state["largest"] = v = np.maximum(state.get("largest", 0.0), v)
    m_by = 1 - o.beta1**t if o.m_corrected else 1.0
    v_by = 1 - o.beta2**t if o.v_corrected else 1.0
    final = o.final_lr * o.lr / state.setdefault("base", o.lr) if o.lr else 0.0
    low, high = final * (1 - 1 / (o.gamma * t + 1)), final * (1 + 1 / (o.gamma * t))
    with np.errstate(divide="ignore"):
        rate = o.lr * np.sqrt(v_by) / m_by / (np.sqrt(v) + (2 if o.eps_twice else 1) * o.eps)
    if o.bounded:
        rate = np.clip(rate, low, high)
    return np.asarray(np.nan_to_num(rate * m))


ADABOUND = OptimizerReference(
    name="adabound",
    source="Luo et al. 2019, Algorithm 2",
    update=update,
    options={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "final_lr": 0.1,
        "gamma": 1e-3,
        "eps": 1e-8,
        "amsgrad": False,
        "weight_decay": 0.0,
    },
    hidden={"m_corrected": True, "v_corrected": True, "bounded": True, "eps_twice": False},
    spellings={
        "gamma": ("gamma", "bound_rate"),
        "amsgrad": ("ams_bound", "amsbound", "amsgrad"),
        "final_lr": ("final_lr", "final_rate"),
    },
    suspects=(
        Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": False}),
        Suspect("bias-correction", "The second moment is not corrected.", {"v_corrected": False}),
        Suspect("rate-scale", "The rates are not kept between the bounds.", {"bounded": False}),
        Suspect("epsilon", "eps is added twice.", {"eps_twice": True}),
    ),
    decay="either",
    scale=None,
    is_lr_linear=False,
    neutral=frozenset({"final_lr", "gamma"}),
)

AMSBOUND = replace(
    ADABOUND,
    name="amsbound",
    source="Luo et al. 2019, Algorithm 3",
    options={**ADABOUND.options, "amsgrad": True},
)
