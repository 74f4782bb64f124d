"""signSGD and Signum. Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems".

m <- mu m + (1 - mu) g, step = lr sign(m); mu = 0 is signSGD. Tiger (Su 2023, "Tiger: a tight-fisted
optimizer") is the same with mu = 0.965 and decoupled decay.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._optimizer import OptimizerReference, Suspect, Tensor64

__all__ = ["SIGN_SGD", "TIGER"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step."""
    before = state.get("m", np.zeros_like(g))
    state["m"] = m = o.momentum * before + (1 - o.momentum) * g
    if o.m_used == "g":
        m = g
    if o.m_used == "before":
        m = before
    if o.sign_of == "gradient":
        state["m"] = m = o.momentum * before + (1 - o.momentum) * np.sign(g)
        return np.asarray(o.lr * m)
    return np.asarray(o.lr * (np.sign(m) if o.sign_of == "average" else m))


SIGN_SGD = OptimizerReference(
    name="sign-sgd",
    source="Bernstein et al. 2018, Algorithms 1 and 2",
    update=update,
    options={"lr": 1e-3, "momentum": 0.0, "weight_decay": 0.0},
    hidden={"m_used": "after", "sign_of": "average"},
    suspects=(
        Suspect("sign", "The sign is not taken.", {"sign_of": "nothing"}),
        Suspect("sign", "The sign is taken of the gradient, not of the average.", {"sign_of": "gradient"}),
        Suspect("momentum", "The average is formed, and the raw gradient used.", {"m_used": "g"}),
        Suspect("momentum", "The average is used before it is updated.", {"m_used": "before"}),
    ),
    decay="either",
    scale=0.0,
    is_sign_based=True,
)

TIGER = replace(
    SIGN_SGD,
    name="tiger",
    source="Su 2023",
    options={"lr": 1e-3, "momentum": 0.965, "weight_decay": 0.01},
    spellings={"momentum": ("beta", "momentum", "beta1", "b1", "betas[0]", "mu")},
    decay="decoupled",
)
