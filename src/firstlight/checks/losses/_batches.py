"""Batches of which the loss is known: ordinary ones, certain ones, equal ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Int64

from firstlight.checks.references.losses._log_softmax import log_softmax
from firstlight.checks.references.losses._loss import Array, Form

__all__ = ["Batch", "batch", "certain", "picked"]

CLASSES = 10


@dataclass(frozen=True)
class Batch:
    """Outputs and targets of the same shape, as the references take them.

    Attributes
    ----------
    outputs
        Logits or values.
    targets
        One-hot or soft rows, zeros and ones, signs, or numbers.
    labels
        Of each row, where there are any.
    form
        How the target is given them.
    """

    outputs: Array
    targets: Array
    labels: Int64[np.ndarray, " n"] | None
    form: Form

    def with_outputs(self, outputs: Array) -> Batch:
        """Return the same targets with other outputs."""
        return replace(self, outputs=outputs)


def batch(form: Form, *, n: int = 12, k: int = CLASSES, seed: int = 0, scale: float = 1.2) -> Batch:
    """Draw a batch; no logit is further from zero than four times the scale."""
    random = np.random.default_rng([seed, n, k])
    if form in ("vector", "signs", "reals"):
        outputs = random.normal(size=n) * scale
        if form == "reals":
            return Batch(outputs, outputs + random.normal(size=n) * 1.5, None, form)
        ones = np.arange(n) % 3 == 0
        return Batch(outputs, np.where(ones, 1.0, -1.0 if form == "signs" else 0.0), None, form)
    outputs = np.clip(random.normal(size=(n, k)) * scale, -4 * scale, 4 * scale)
    if form == "soft":
        return Batch(outputs, np.exp(log_softmax(random.normal(size=(n, k)))), None, form)
    labels = random.permutation(np.arange(n) * 7 % k).astype(np.int64)
    return Batch(outputs, np.eye(k)[labels], labels, form)


def certain(base: Batch, size: float, *, is_right: bool) -> Batch:
    """Return a batch whose outputs are sure of the label, or of the class after it."""
    if base.targets.ndim == 1:
        sign = np.where(base.targets > 0, 1.0, -1.0)
        return base.with_outputs(sign * (size if is_right else -size))
    wanted = base.targets if is_right else np.roll(base.targets, 1, axis=1)
    return base.with_outputs(wanted * size)


def picked(base: Batch, rows: Any) -> Batch:
    """Return some rows, in some order."""
    labels = None if base.labels is None else base.labels[rows]
    return Batch(base.outputs[rows], base.targets[rows], labels, base.form)
