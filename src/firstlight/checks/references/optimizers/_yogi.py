"""Yogi. Zaheer et al. 2018, "Adaptive methods for nonconvex optimization", Algorithm 2.

v <- v - (1 - b2) sign(v - g^2) g^2, all else as Adam. v begins at a small number; libraries correct both
averages.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstlight.checks.references.optimizers._adam import ADAM, one_over_root
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect, Tensor64

__all__ = ["YOGI"]


def update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Yogi."""
    t = state["t"]
    m = state.get("m", np.full_like(g, o.initial_accumulator if o.m_begins else 0.0))
    v = state.get("v", np.full_like(g, o.initial_accumulator) if o.v_begins == "given" else g * g)
    state["m"] = m = o.beta1 * m + (1 - o.beta1) * g
    sign = {"right": np.sign(v - g * g), "flipped": np.sign(g * g - v), "none": 1.0}[o.turn]
    state["v"] = v = v - (1 - o.beta2) * sign * g * g
    m_by = 1 - o.beta1**t if o.m_corrected and t else 1.0
    v_by = 1 - o.beta2**t if o.v_corrected and t else 1.0
    return np.asarray(o.lr * (m / m_by) * one_over_root(np.maximum(v, 0.0), v_by, o))


YOGI = replace(
    ADAM,
    name="yogi",
    source="Zaheer et al. 2018, Algorithm 2",
    update=update,
    options={
        "lr": 1e-2,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-3,
        "initial_accumulator": 1e-6,
        "weight_decay": 0.0,
    },
    hidden={
        "m_corrected": True,
        "v_corrected": True,
        "m_begins": False,
        "v_begins": "given",
        "turn": "right",
        "root": "sqrt",
        "eps_place": "outside",
    },
    spellings={"initial_accumulator": ("initial_accumulator", "initial_accumulator_value", "v0")},
    dialects=(
        Dialect(
            "begin", "the first moment begins at the accumulator's value too, as in Optax", {"m_begins": True}
        ),
        Dialect("begin", "the second moment begins at the first g^2", {"v_begins": "first"}),
        Dialect(
            "correction", "no bias correction, as in the paper", {"m_corrected": False, "v_corrected": False}
        ),
        Dialect("eps", "eps added to the root of the uncorrected average", {"eps_place": "uncorrected"}),
    ),
    suspects=(
        Suspect("sign", "The sign in the second moment is turned round.", {"turn": "flipped"}),
        Suspect("state", "The second moment only falls: its sign is missing.", {"turn": "none"}),
        Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": False}),
        Suspect("bias-correction", "The second moment is not corrected.", {"v_corrected": False}),
    ),
    decay="either",
    scale=None,
    neutral=frozenset({"initial_accumulator"}),
)
