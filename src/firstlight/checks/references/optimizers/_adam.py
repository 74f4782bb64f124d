"""Adam. Kingma & Ba 2015, "Adam: a method for stochastic optimization", Algorithm 1.

m_t = b1 m + (1 - b1) g,  v_t = b2 v + (1 - b2) g^2,
step = lr (m_t / (1 - b1^t)) / (sqrt(v_t / (1 - b2^t)) + eps)
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

__all__ = ["ADAM", "ADAM_DIALECTS", "ADAM_SUSPECTS", "adam_moments", "adam_update"]


def adam_moments(
    g: Tensor64, state: dict[str, Any], o: SimpleNamespace
) -> tuple[Tensor64, Tensor64, float, float]:
    """Return both running averages, uncorrected, and what to divide each one by."""
    t = state["t"]
    before_m, before_v = state.get("m", np.zeros_like(g)), state.get("v", np.full_like(g, o.v_start))
    state["m"] = m = o.beta1 * before_m + (o.m_weight or 1 - o.beta1) * g
    state["v"] = v = o.beta2 * before_v + (o.v_weight or 1 - o.beta2) * _square(g, m, o.v_of)
    if o.v_used == "before":
        v = before_v
    if o.m_used == "before":
        m = before_m
    if o.m_used == "g":
        m = g
    m_beta, v_beta = (o.beta2, o.beta1) if o.m_corrected == "other beta" else (o.beta1, o.beta2)
    return m, v, _correction(m_beta, t, o.m_corrected), _correction(v_beta, t, o.v_corrected)


def _square(g: Tensor64, m: Tensor64, of: str) -> Tensor64:
    """Return what the second moment averages: g squared, or what a known mistake takes."""
    return np.asarray({"g": g, "|g|": np.abs(g), "m * m": m * m}.get(of, g * g))


def _correction(beta: float, t: int, way: str) -> float:
    """Return what an average is divided by: 1 - beta^t, or what a known mistake makes of it."""
    if way == "none":
        return 1.0
    if way == "inverse":  # 1 - (1 - beta^t)
        return float(beta**t) or 1.0
    if way == "multiplied":
        return 1 / (1 - float(beta**t)) if t else 1.0
    if way == "root":
        return float(1 - beta**t) ** 0.5 if t else 1.0
    if way == "linear":  # 1 - beta t, a product in place of a power
        return 1 - beta * t or 1.0
    if way == "first":  # 1 - beta in every step
        return 1 - beta
    return 1 - float(beta**t) if t else 1.0


def adam_update(_p: Tensor64, g: Tensor64, state: dict[str, Any], o: SimpleNamespace) -> Tensor64:
    """Return the step of Adam."""
    m, v, m_by, v_by = adam_moments(g, state, o)
    if getattr(o, "amsgrad", False) and o.largest_of != "nothing":
        largest = v / v_by if o.largest_of == "corrected" else v
        keep = np.minimum if o.largest_of == "smallest" and "largest" in state else np.maximum
        state["largest"] = largest = keep(state.get("largest", 0.0), largest)
        v = largest * v_by if o.largest_of == "corrected" else largest
        if o.largest_of == "kept":
            state["v"] = largest
    return np.asarray(o.lr * (m / m_by) * one_over_root(v, v_by, o))


def one_over_root(v: Tensor64, v_by: float, o: SimpleNamespace) -> Tensor64:
    """Return 1 / (sqrt(v / v_by) + eps), with eps where the way of writing it has it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if o.root == "none":
            return np.asarray(1 / (v / v_by + o.eps))
        if o.eps_place == "outside":
            return np.asarray(1 / (np.sqrt(v / v_by) + o.eps))
        if o.eps_place == "inside":
            return np.asarray(1 / np.sqrt(v / v_by + o.eps))
        if o.eps_place == "inside squared":
            return np.asarray(1 / np.sqrt(v / v_by + o.eps**2))
        if o.eps_place == "uncorrected":
            return np.asarray(np.sqrt(v_by) / (np.sqrt(v) + o.eps))
        if o.eps_place == "uncorrected inside":
            return np.asarray(np.sqrt(v_by) / np.sqrt(v + o.eps))
        if o.eps_place == "after":
            return np.asarray(1 / np.sqrt(v / v_by) + o.eps)
        if o.eps_place == "twice":
            return np.asarray(1 / (np.sqrt(v / v_by) + 2 * o.eps))
        if o.eps_place == "twice uncorrected":
            return np.asarray(1 / ((np.sqrt(v) + o.eps) / np.sqrt(v_by) + o.eps))
        if o.eps_place == "both":
            return np.asarray(1 / (np.sqrt(v / v_by + o.eps) + o.eps))
        return np.asarray(1 / np.maximum(np.sqrt(v / v_by), o.eps))


HIDDEN = {
    "m_corrected": "right",
    "v_corrected": "right",
    "m_weight": None,
    "v_weight": None,
    "m_used": "after",
    "v_used": "after",
    "v_of": "g * g",
    "v_start": 0.0,
    "root": "sqrt",
    "eps_place": "outside",
    "largest_of": "uncorrected",
}

ADAM_DIALECTS = (
    Dialect("eps", "eps added to the root of the uncorrected average", {"eps_place": "uncorrected"}),
    Dialect("eps", "eps inside the root", {"eps_place": "inside"}),
    Dialect("eps", "eps inside the root of the uncorrected average", {"eps_place": "uncorrected inside"}),
    Dialect("eps", "eps squared inside the root", {"eps_place": "inside squared"}),
    Dialect("eps", "the root is at least eps", {"eps_place": "at least"}),
    Dialect("largest", "the largest of the corrected averages", {"largest_of": "corrected"}),
)

ADAM_SUSPECTS = (
    Suspect(
        "bias-correction",
        "Neither running average is corrected for starting at zero.",
        {"m_corrected": "none", "v_corrected": "none"},
    ),
    Suspect("bias-correction", "The first moment is not corrected.", {"m_corrected": "none"}),
    Suspect("bias-correction", "The second moment is not corrected.", {"v_corrected": "none"}),
    Suspect(
        "bias-correction",
        "The correction is 1 - (1 - beta^t) = beta^t.",
        {"m_corrected": "inverse", "v_corrected": "inverse"},
    ),
    Suspect("bias-correction", "The first is divided by 1 - (1 - beta1^t).", {"m_corrected": "inverse"}),
    Suspect("bias-correction", "The second is divided by 1 - (1 - beta2^t).", {"v_corrected": "inverse"}),
    Suspect(
        "bias-correction",
        "The correction divides by 1 - beta instead of 1 - beta^t.",
        {"m_corrected": "first", "v_corrected": "first"},
    ),
    Suspect(
        "bias-correction",
        "The averages are multiplied by 1 - beta^t instead of divided.",
        {"m_corrected": "multiplied", "v_corrected": "multiplied"},
    ),
    Suspect("bias-correction", "The first is multiplied by 1 - beta1^t.", {"m_corrected": "multiplied"}),
    Suspect("bias-correction", "The second is multiplied by 1 - beta2^t.", {"v_corrected": "multiplied"}),
    Suspect(
        "bias-correction",
        "The first moment is corrected with beta2, the second with beta1.",
        {"m_corrected": "other beta"},
    ),
    Suspect(
        "bias-correction", "The second moment is divided by the root of 1 - beta2^t.", {"v_corrected": "root"}
    ),
    Suspect(
        "bias-correction", "The first moment is divided by the root of 1 - beta1^t.", {"m_corrected": "root"}
    ),
    Suspect(
        "bias-correction",
        "The correction is 1 - beta t, a product in place of a power.",
        {"m_corrected": "linear", "v_corrected": "linear"},
    ),
    Suspect("bias-correction", "The first correction is 1 - beta1 t.", {"m_corrected": "linear"}),
    Suspect("bias-correction", "The second correction is 1 - beta2 t.", {"v_corrected": "linear"}),
    Suspect("epsilon", "eps is added twice.", {"eps_place": "twice"}),
    Suspect("epsilon", "eps is added before and after the correction.", {"eps_place": "twice uncorrected"}),
    Suspect("epsilon", "eps is added inside the root and outside again.", {"eps_place": "both"}),
    Suspect(
        "epsilon", "eps is added to 1 / sqrt(v): it does not guard the division.", {"eps_place": "after"}
    ),
    Suspect("state", "The root of the second moment is forgotten.", {"root": "none"}),
    Suspect("state", "The second moment averages g, not g squared.", {"v_of": "g"}),
    Suspect("state", "The second moment averages |g|, not g squared.", {"v_of": "|g|"}),
    Suspect("state", "The second moment averages the square of the first one, not of g.", {"v_of": "m * m"}),
    Suspect("state", "The second moment is used before it is updated.", {"v_used": "before"}),
    Suspect("state", "The second moment starts at 1, not at 0.", {"v_start": 1.0}),
    Suspect("momentum", "The first moment is used before it is updated.", {"m_used": "before"}),
    Suspect("momentum", "The first moment is formed, and the raw gradient used.", {"m_used": "g"}),
    Suspect("momentum", "The gradient is added to the first moment without 1 - beta1.", {"m_weight": 1.0}),
    Suspect("state", "The squared gradient is added without 1 - beta2.", {"v_weight": 1.0}),
    Suspect(
        "state", "amsgrad changes nothing: the largest second moment is not kept.", {"largest_of": "nothing"}
    ),
    Suspect("state", "amsgrad keeps the smallest second moment.", {"largest_of": "smallest"}),
    Suspect("state", "amsgrad writes the largest second moment into the average.", {"largest_of": "kept"}),
    Suspect("momentum", "beta1 and beta2 are swapped.", swaps={"beta1": "beta2", "beta2": "beta1"}),
)

ADAM = OptimizerReference(
    name="adam",
    source="Kingma & Ba 2015, Algorithm 1",
    update=adam_update,
    options={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "amsgrad": False,
    },
    hidden=HIDDEN,
    dialects=ADAM_DIALECTS,
    suspects=ADAM_SUSPECTS,
    decay="coupled",
    scale=0.0,
)
