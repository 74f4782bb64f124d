"""Focal loss of a softmax: -alpha (1 - p)^gamma log p of the label. Lin et al. 2017, equation 5.

The paper's is of sigmoids, see ``sigmoid-focal``; this is its usual form for several classes. No alpha
(1) and the paper's 0.25 for all classes are dialects; a list has one for each class.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.losses._log_softmax import log_sigmoid, log_softmax
from firstlight.checks.references.losses._loss import Array, LossReference

__all__ = ["FOCAL", "SIGMOID_FOCAL"]


def from_log_probabilities(logs: Array, targets: Array, *, gamma: float = 2.0, alpha: Any = 1.0) -> Array:
    """Return alpha (1 - p)^gamma (-log p) of the label, a row."""
    log_p = (targets * logs).sum(axis=-1)
    by_row = targets @ (
        np.ones(targets.shape[-1]) * np.asarray(1.0 if alpha is None else alpha, dtype=np.float64)
    )
    return np.asarray(by_row * (1.0 - np.exp(log_p)) ** gamma * -log_p)


def terms(outputs: Array, targets: Array, **options: Any) -> Array:
    """Return the focal loss of each row."""
    return from_log_probabilities(log_softmax(outputs), targets, **options)


def sigmoid_terms(
    outputs: Array,
    targets: Array,
    *,
    gamma: float = 2.0,
    alpha: float | None = 0.25,
    alpha_for: str = "each side",
) -> Array:
    """Return alpha_t (1 - p_t)^gamma (-log p_t) of each element; a negative alpha is none."""
    log_p = targets * log_sigmoid(outputs) + (1.0 - targets) * log_sigmoid(-outputs)
    p = targets * np.exp(log_sigmoid(outputs)) + (1.0 - targets) * np.exp(log_sigmoid(-outputs))
    share = np.ones_like(p)
    if alpha is not None and alpha >= 0:
        share = targets * alpha + (1.0 - targets) * (alpha if alpha_for == "all" else 1.0 - alpha)
    return np.asarray(share * (1.0 - p) ** gamma * -log_p)


ALIASES = {"gamma": ("focusing", "gamma_", "focus"), "alpha": ("balance", "weight", "alphas")}
FOCAL = LossReference(
    "focal",
    "Lin et al. 2017, equation 5",
    terms,
    from_log_probabilities=from_log_probabilities,
    options={"gamma": 2.0, "alpha": 1.0},
    aliases=ALIASES,
    dialects={"alpha 0.25": {"alpha": 0.25}},
    also=("focal-loss", "softmax-focal"),
)
SIGMOID_FOCAL = LossReference(
    "sigmoid-focal",
    "Lin et al. 2017, equation 5",
    sigmoid_terms,
    forms=("labels", "one-hot", "vector"),
    is_elementwise=True,
    options={"gamma": 2.0, "alpha": 0.25, "alpha_for": "each side"},
    aliases=ALIASES,
    dialects={"no alpha": {"alpha": -1.0}, "one alpha for all": {"alpha_for": "all"}},
    also=("binary-focal",),
)
