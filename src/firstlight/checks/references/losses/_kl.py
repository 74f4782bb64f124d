"""Kullback-Leibler divergence: target (log target - log-probability) an element. Kullback & Leibler 1951.

Torch takes log-probabilities and averages over elements unless told ``batchmean``; both means are accepted.
"""

from __future__ import annotations

import numpy as np

from firstlight.checks.references.losses._log_softmax import log_softmax
from firstlight.checks.references.losses._loss import Array, LossReference

__all__ = ["KL"]


def from_log_probabilities(logs: Array, targets: Array) -> Array:
    """Return target (log target - log-probability), 0 where the target is 0."""
    safe = np.where(targets > 0, targets, 1.0)
    return np.where(targets > 0, targets * (np.log(safe) - logs), 0.0)


def terms(outputs: Array, targets: Array) -> Array:
    """Return the divergence of the targets from the softmax, element by element."""
    return from_log_probabilities(log_softmax(outputs), targets)


KL = LossReference(
    "kl",
    "Kullback & Leibler 1951, equation 2.4",
    terms,
    forms=("soft",),
    from_log_probabilities=from_log_probabilities,
    inputs="log-probabilities",
    is_elementwise=True,
    also=("kl-divergence", "kl-div"),
)
