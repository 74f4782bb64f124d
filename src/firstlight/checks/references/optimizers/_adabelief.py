"""AdaBelief. Zhuang et al. 2020.

"AdaBelief optimizer: adapting stepsizes by the belief in observed gradients".

Algorithm 2: m as Adam's, s <- b2 s + (1 - b2) (g - m)^2 + eps, step = lr m' / (sqrt(s') + eps), both
corrected.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._adam import ADAM
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect, Tensor64

__all__ = ["ADABELIEF"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of AdaBelief."""
    before, s = state.get("m", np.zeros_like(g)), state.get("s", np.zeros_like(g))
    state["m"] = m = o.beta1 * before + (1 - o.beta1) * g
    surprise = {"after": g - m, "before": g - before, "g": g}[o.s_from]
    inside = o.eps if o.eps_root is None else o.eps_root
    state["s"] = s = o.beta2 * s + (1 - o.beta2) * surprise**2 + (inside if o.eps_in_state else 0.0)
    if o.s_corrected and o.eps_place == "read":
        s = s + inside
    m_by = 1 - o.beta1 ** state["t"] if o.m_corrected and state["t"] else 1.0
    s_by = 1 - o.beta2 ** state["t"] if o.s_corrected and state["t"] else 1.0
    root = np.sqrt(s / s_by) if o.eps_place != "uncorrected" else np.sqrt(s)
    by = root + o.eps if o.eps_place != "uncorrected" else (root + o.eps) / np.sqrt(s_by)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(by == 0, 0.0, o.lr * (m / m_by) / by))


ADABELIEF = replace(
    ADAM,
    name="adabelief",
    source="Zhuang et al. 2020, Algorithm 2",
    update=update,
    options={"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-16, "eps_root": None, "weight_decay": 0.0},
    hidden={
        "m_corrected": True,
        "s_corrected": True,
        "s_from": "after",
        "eps_in_state": True,
        "eps_place": "outside",
    },
    dialects=(
        Dialect("state", "eps only in the denominator, not in the state", {"eps_in_state": False}),
        Dialect("eps", "eps added to the root of the uncorrected average", {"eps_place": "uncorrected"}),
        Dialect("eps", "eps added to s when it is read", {"eps_in_state": False, "eps_place": "read"}),
    ),
    suspects=(
        Suspect(
            "bias-correction",
            "Neither running average is corrected for starting at zero.",
            {"m_corrected": False, "s_corrected": False},
        ),
        Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": False}),
        Suspect("bias-correction", "The second moment is not corrected.", {"s_corrected": False}),
        Suspect("state", "The surprise is g - m with m before its update.", {"s_from": "before"}),
        Suspect("state", "The second moment is Adam's: of g, not of g - m.", {"s_from": "g"}),
        Suspect("momentum", "beta1 and beta2 are swapped.", swaps={"beta1": "beta2", "beta2": "beta1"}),
    ),
    decay="either",
    neutral=frozenset({"eps_root"}),
)
