"""RAdam. Liu et al. 2020, "On the variance of the adaptive learning rate and beyond", Algorithm 2.

rho_inf = 2 / (1 - b2) - 1, rho_t = rho_inf - 2 t b2^t / (1 - b2^t). Where rho_t is large enough, the step is
Adam's times r_t = sqrt((rho_t - 4)(rho_t - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho_t)); until then it is
lr m / (1 - b1^t). The paper's bound is 4, that of its authors' code and of libraries 5.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._adam import ADAM, ADAM_SUSPECTS, adam_moments, one_over_root
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect, Tensor64

__all__ = ["RADAM"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of RAdam."""
    m, v, m_by, v_by = adam_moments(g, state, o)
    t = state["t"]
    most = 2 / (1 - o.beta2) - 1
    power = o.beta2**t
    length = most - 2 * t * power / (1 - power)
    is_tractable = length >= o.threshold if o.includes_bound else length > o.threshold
    state["is_still"] = not is_tractable
    if not is_tractable:
        return np.asarray(o.lr * m / m_by) if o.until == "momentum" else np.zeros_like(g)
    rect = np.sqrt(
        (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
        if o.rectified == "right"
        else 1.0
    )
    if o.rectified == "squared":
        rect = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
    return np.asarray(o.lr * rect * (m / m_by) * one_over_root(v, v_by, o))


RADAM = replace(
    ADAM,
    name="radam",
    source="Liu et al. 2020, Algorithm 2",
    update=update,
    options={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "threshold": 5.0,
    },
    hidden={**ADAM.hidden, "includes_bound": False, "until": "momentum", "rectified": "right"},
    spellings={"threshold": ("threshold", "n_sma_threshold", "sma_threshold")},
    dialects=(
        *ADAM.dialects[:2],
        Dialect("bound", "rectified from a length of 5 on", {"includes_bound": True}),
        Dialect("bound", "rectified above a length of 4, as in the paper", {"threshold": 4.0}),
        Dialect("until", "no step until the variance is tractable", {"until": "nothing"}),
        Dialect(
            "until",
            "no step and no decay until the variance is tractable",
            {"until": "nothing", "decays_always": False},
        ),
    ),
    suspects=(
        Suspect("rate-scale", "The rectification is left out.", {"rectified": "none"}),
        Suspect("rate-scale", "The rectification lacks its square root.", {"rectified": "squared"}),
        *ADAM_SUSPECTS,
    ),
    decay="either",
    scale=None,
    amplified={"beta2": 0.9, "threshold": 5.0},
    neutral=frozenset({"threshold"}),
)
