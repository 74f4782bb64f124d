"""What a known mistake is, and wrong formulas made of a reference by changing one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._reduce import reduced, reference_value
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._loss import Array

__all__ = [
    "Mistake",
    "Value",
    "by_rows",
    "by_weights",
    "one_row",
    "with_options",
    "with_outputs",
    "with_targets",
    "with_terms",
]

Value: TypeAlias = Callable[[Batch], Array]


@dataclass(frozen=True)
class Mistake:
    """One wrong formula.

    Attributes
    ----------
    family, cause
        What it is, in the words of the report.
    value
        What it gives for a batch.
    certainty
        How sure the cause is where the formula fits.
    """

    family: str
    cause: str
    value: Value
    certainty: float = 0.95


def with_terms(
    reference: LossReference, options: dict[str, Any], terms: Callable[[Batch, dict[str, Any]], Array]
) -> Value:
    """Return a loss whose terms are others, reduced as the reference's."""

    def value(batch: Batch) -> Array:
        own = {name: one for name, one in options.items() if name in reference.options}
        found = terms(batch, own)
        counts = np.ones(len(found)) if reference.weights is None else reference.weights(batch.targets, **own)
        over = str(options.get("mean_over", "elements"))
        counts = np.ones(len(found)) if over == "batch" else counts
        return reduced(found, counts, reduction=options.get("reduction"), mean_over=over)

    return value


def with_options(reference: LossReference, options: dict[str, Any]) -> Value:
    return lambda b: reference_value(reference, b, options)


def by_rows(reference: LossReference, options: dict[str, Any]) -> Value:
    return lambda b: np.asarray(reference_value(reference, b, options) / len(b.outputs))


def by_weights(reference: LossReference, options: dict[str, Any], weight: Array) -> Value:
    return lambda b: np.asarray(reference_value(reference, b, options) / (b.targets @ weight).sum())


def one_row(reference: LossReference, options: dict[str, Any], row: int) -> Value:
    rows = {**options, "reduction": "none"}
    return lambda b: np.asarray(reference_value(reference, b, rows)[row].mean())


def with_targets(
    reference: LossReference, options: dict[str, Any], change: Callable[[Array], Array]
) -> Value:
    return lambda b: reference_value(reference, replace(b, targets=change(b.targets)), options)


def with_outputs(
    reference: LossReference, options: dict[str, Any], change: Callable[[Array], Array]
) -> Value:
    return lambda batch: reference_value(reference, batch.with_outputs(change(batch.outputs)), options)
