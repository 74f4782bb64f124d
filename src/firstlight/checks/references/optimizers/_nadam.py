"""NAdam. Dozat 2016, "Incorporating Nesterov momentum into Adam", Algorithm 2.

With mu_t = b1 (1 - 0.96^(t decay) / 2) and P_t = mu_1 ... mu_t:
step = lr (mu_{t+1} m / (1 - P_{t+1}) + (1 - mu_t) g / (1 - P_t)) / (sqrt(v / (1 - b2^t)) + eps).
The usual short form has mu_t = b1 throughout.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._adam import ADAM, ADAM_SUSPECTS, adam_moments, one_over_root
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect, Tensor64

__all__ = ["NADAM"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of NAdam."""
    m, v, m_by, v_by = adam_moments(g, state, o)
    t = state["t"]
    if o.schedule == "none":
        now, after = o.beta1, o.beta1
        by_now = m_by
        by_after = 1 - o.beta1 ** (t + 1) if o.ahead and m_by != 1 else m_by
    else:
        now = o.beta1 * (1 - 0.5 * 0.96 ** (t * o.momentum_decay))
        after = o.beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * o.momentum_decay))
        state["product"] = grown = state.get("product", 1.0) * now
        by_now, by_after = 1 - grown, 1 - grown * after
        if o.schedule == "product forgotten":
            by_now, by_after = 1 - now, 1 - after
    extra = now if o.extra == "mu" else 1.0
    looked = after * m / by_after * extra + (1 - now) * g / by_now
    if o.extra == "no look-ahead":
        looked = m / m_by
    return np.asarray(o.lr * looked * one_over_root(v, v_by, o))


NADAM = replace(
    ADAM,
    name="nadam",
    source="Dozat 2016, Algorithm 2",
    update=update,
    options={
        "lr": 2e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum_decay": 4e-3,
    },
    hidden={**ADAM.hidden, "schedule": "dozat", "ahead": True, "extra": "none"},
    spellings={"momentum_decay": ("momentum_decay", "schedule_decay")},
    dialects=(
        Dialect("schedule", "momentum without a schedule", {"schedule": "none"}),
        Dialect(
            "schedule",
            "momentum without a schedule, both terms corrected alike",
            {"schedule": "none", "ahead": False},
        ),
        *ADAM.dialects[:2],
    ),
    suspects=(
        Suspect("momentum", "The term of the running average has one factor mu too many.", {"extra": "mu"}),
        Suspect("momentum", "There is no look-ahead: this is Adam.", {"extra": "no look-ahead"}),
        Suspect(
            "bias-correction",
            "The correction is 1 - mu_t, not 1 minus the product of all mu.",
            {"schedule": "product forgotten"},
        ),
        *ADAM_SUSPECTS[2:],
    ),
    decay="either",
    scale=0.0,
    amplified={"momentum_decay": 0.5},
)
