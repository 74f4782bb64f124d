"""Binary cross-entropy of a sigmoid: -(t log s + (1 - t) log(1 - s)), s = sigmoid(x). Bishop 2006, eq. 4.90.

``pos_weight`` multiplies the first term, as in torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.losses._log_softmax import log_sigmoid
from firstlight.checks.references.losses._loss import Array, LossReference

__all__ = ["BCE", "BCE_WITH_LOGITS"]


def terms(outputs: Array, targets: Array, *, pos_weight: Any = None) -> Array:
    """Return the cross-entropy of each element."""
    positive = 1.0 if pos_weight is None else np.asarray(pos_weight, dtype=np.float64)
    return np.asarray(-(positive * targets * log_sigmoid(outputs) + (1.0 - targets) * log_sigmoid(-outputs)))


BCE_WITH_LOGITS = LossReference(
    "bce-with-logits",
    "Bishop 2006, equation 4.90",
    terms,
    forms=("one-hot", "vector", "labels"),
    is_elementwise=True,
    options={"pos_weight": None},
    aliases={"pos_weight": ("positive_weight",)},
    also=("sigmoid-cross-entropy", "binary-cross-entropy-with-logits", "sigmoid-bce"),
)
BCE = LossReference(
    "bce",
    "Bishop 2006, equation 4.90",
    terms,
    forms=("one-hot", "vector", "labels"),
    inputs="probabilities",
    is_elementwise=True,
    also=("binary-cross-entropy",),
)
