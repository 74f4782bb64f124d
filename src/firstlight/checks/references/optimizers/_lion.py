"""Lion. Chen et al. 2023, "Symbolic discovery of optimization algorithms", Program 1.

u = sign(b1 m + (1 - b1) g),  step = lr u,  then  m <- b2 m + (1 - b2) g.  Weight decay is decoupled.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._optimizer import OptimizerReference, Suspect, Tensor64

__all__ = ["LION"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Lion."""
    m = state.get("m", np.zeros_like(g))
    mixed = o.beta1 * m + (1 - o.beta1) * g
    state["m"] = after = o.beta2 * (mixed if o.m_of == "update" else m) + (1 - o.beta2) * g
    if o.m_of == "sign":  # the buffer shares memory with what is turned into its sign
        state["m"] = after = o.beta2 * np.sign(mixed) + (1 - o.beta2) * g
    if o.m_used == "after":
        mixed = o.beta1 * after + (1 - o.beta1) * g
    if o.m_used == "m":
        mixed = after
    return np.asarray(o.lr * (np.sign(mixed) if o.has_sign else mixed))


LION = OptimizerReference(
    name="lion",
    source="Chen et al. 2023, Program 1",
    update=update,
    options={"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    hidden={"m_of": "m", "m_used": "before", "has_sign": True},
    suspects=(
        Suspect("sign", "The sign is not taken.", {"has_sign": False}),
        Suspect("momentum", "The average is updated before it is used.", {"m_used": "after"}),
        Suspect("momentum", "The step is the sign of the average: beta1 is not used.", {"m_used": "m"}),
        Suspect(
            "aliasing",
            "The mixture is written into the average's own memory: the average goes on from it.",
            {"m_of": "update"},
        ),
        Suspect("aliasing", "The sign is written into the average's own memory.", {"m_of": "sign"}),
        Suspect("momentum", "beta1 and beta2 are swapped.", swaps={"beta1": "beta2", "beta2": "beta1"}),
    ),
    decay="decoupled",
    scale=0.0,
    is_sign_based=True,
)
