"""AdaMax. Kingma & Ba 2015, "Adam: a method for stochastic optimization", Algorithm 2.

u <- max(b2 u, |g|), step = lr m / ((1 - b1^t) u). The paper has no eps; torch and Optax add it to |g|.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._adam import ADAM
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect, Tensor64

__all__ = ["ADAMAX"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of AdaMax."""
    state["m"] = m = o.beta1 * state.get("m", np.zeros_like(g)) + (1 - o.beta1) * g
    size = np.abs(g) if o.absolute else g
    before = state.get("u", np.zeros_like(g))
    decayed = o.beta2 * before if o.u_decays else before
    entry = size + o.eps if o.eps_place == "gradient" else size
    state["u"] = u = np.maximum(decayed, entry)
    if o.u_of == "average":
        state["u"] = u = o.beta2 * before + (1 - o.beta2) * entry
    if o.eps_place == "norm":
        u = u + o.eps
    by = 1 - o.beta1 ** state["t"] if o.m_corrected and state["t"] else 1.0
    if o.u_corrected:
        u = u / (1 - o.beta2 ** state["t"])
    with np.errstate(divide="ignore", invalid="ignore"):
        step = o.lr * m / (by * u)
    return np.asarray(np.where(u == 0, 0.0, step))


ADAMAX = replace(
    ADAM,
    name="adamax",
    source="Kingma & Ba 2015, Algorithm 2",
    update=update,
    options={"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    hidden={
        "eps_place": "gradient",
        "absolute": True,
        "u_decays": True,
        "u_of": "max",
        "m_corrected": True,
        "u_corrected": False,
    },
    dialects=(
        Dialect("eps", "eps added to the norm", {"eps_place": "norm"}),
        Dialect("eps", "no eps, as in the paper", {"eps_place": "none"}),
    ),
    suspects=(
        Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": False}),
        Suspect(
            "bias-correction",
            "The norm is corrected, which starts at its first value.",
            {"u_corrected": True},
        ),
        Suspect("state", "The norm takes g, not |g|.", {"absolute": False}),
        Suspect("state", "The norm does not decay with beta2.", {"u_decays": False}),
        Suspect("state", "The norm is a running average, not a maximum.", {"u_of": "average"}),
        Suspect("momentum", "beta1 and beta2 are swapped.", swaps={"beta1": "beta2", "beta2": "beta1"}),
    ),
    decay="either",
    scale=0.0,
)
