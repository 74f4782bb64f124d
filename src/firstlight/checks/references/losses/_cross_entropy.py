"""Cross-entropy of a softmax: -sum(target log(softmax(logits))) a row. Goodfellow et al. 2016, 6.2.2.3.

Options as in torch: weights by class, by whose sum over the labels a mean divides, and smoothing
(1 - s) target + s / k (Szegedy et al. 2016, section 7). The form (1 - s) on the label and s / (k - 1) on each
other class is ``smoothing_form="others"``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks.references.losses._log_softmax import log_softmax
from firstlight.checks.references.losses._loss import Array, LossReference

__all__ = ["CROSS_ENTROPY", "LABEL_SMOOTHING", "NLL", "class_weights", "smoothed"]


def smoothed(targets: Array, *, label_smoothing: float, smoothing_form: str = "uniform") -> Array:
    """Return targets of which a share is spread over all classes, or over all others."""
    k = targets.shape[-1]
    if smoothing_form == "others":
        return np.asarray(targets * (1.0 - label_smoothing) + (1.0 - targets) * label_smoothing / (k - 1))
    return np.asarray(targets * (1.0 - label_smoothing) + label_smoothing / k)


def from_log_probabilities(
    logs: Array,
    targets: Array,
    *,
    label_smoothing: float = 0.0,
    weight: Any = None,
    smoothing_form: str = "uniform",
) -> Array:
    """Return -sum(weight smoothed-target log-probability) of each row."""
    wanted = smoothed(targets, label_smoothing=label_smoothing, smoothing_form=smoothing_form)
    by_class = np.ones(targets.shape[-1]) if weight is None else np.asarray(weight, dtype=np.float64)
    return np.asarray(-(wanted * by_class * logs).sum(axis=-1))


def terms(outputs: Array, targets: Array, **options: Any) -> Array:
    """Return the cross-entropy of each row."""
    return from_log_probabilities(log_softmax(outputs), targets, **options)


def class_weights(targets: Array, *, weight: Any = None, **_: Any) -> Array:
    """Return the weight of each row's label: what torch's mean divides by the sum of."""
    if weight is None:
        return np.ones(targets.shape[0])
    return np.asarray(targets @ np.asarray(weight, dtype=np.float64))


ALIASES = {
    "label_smoothing": ("smoothing", "smooth", "ls", "label_smooth"),
    "weight": ("weights", "class_weights", "class_weight"),
}
CROSS_ENTROPY = LossReference(
    "cross-entropy",
    "Goodfellow, Bengio & Courville 2016, section 6.2.2.3",
    terms,
    from_log_probabilities=from_log_probabilities,
    weights=class_weights,
    options={"label_smoothing": 0.0, "weight": None},
    aliases=ALIASES,
    also=("softmax-cross-entropy", "ce"),
)
NLL = LossReference(
    "nll",
    "Goodfellow, Bengio & Courville 2016, section 5.5",
    terms,
    from_log_probabilities=from_log_probabilities,
    inputs="log-probabilities",
    weights=class_weights,
    options={"weight": None},
    aliases=ALIASES,
    also=("negative-log-likelihood",),
)
LABEL_SMOOTHING = LossReference(
    "label-smoothing",
    "Szegedy et al. 2016, section 7",
    terms,
    from_log_probabilities=from_log_probabilities,
    weights=class_weights,
    options={"label_smoothing": 0.1, "weight": None, "smoothing_form": "uniform"},
    aliases={**ALIASES, "label_smoothing": (*ALIASES["label_smoothing"], "epsilon", "eps", "alpha", "ε")},
    dialects={"the share goes to the other k - 1 classes": {"smoothing_form": "others"}},
    also=("label-smoothing-cross-entropy",),
)
