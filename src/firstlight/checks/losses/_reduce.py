"""From a reference's terms to a loss: mean, sum, or none, with weights and ignored labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._loss import Array

__all__ = ["EXTRA", "reduced", "reference_value"]

EXTRA = {"reduction": None, "ignore_index": None, "mean_over": "elements"}


def reference_value(reference: LossReference, batch: Batch, options: Mapping[str, Any]) -> Array:
    """Return a reference's loss of a batch."""
    own = {name: value for name, value in options.items() if name in reference.options}
    terms = reference.terms(batch.outputs, batch.targets, **own)
    counts = np.ones(len(terms)) if reference.weights is None else reference.weights(batch.targets, **own)
    if options.get("mean_over") == "batch":
        counts = np.ones(len(terms))
    ignored = options.get("ignore_index")
    if ignored is not None and batch.labels is not None:
        kept = batch.labels != ignored
        terms, counts = terms * (kept if terms.ndim == 1 else kept[:, None]), counts * kept
    return reduced(
        terms, counts, reduction=options.get("reduction"), mean_over=str(options.get("mean_over", "elements"))
    )


def reduced(terms: Array, counts: Array, *, reduction: str | None, mean_over: str = "elements") -> Array:
    """Reduce terms of rows or elements; a mean of rows divides by their weights.

    Parameters
    ----------
    terms
        [n] or [n, k].
    counts
        What each row counts in a mean.
    reduction
        ``"mean"`` (also ``None``), ``"sum"``, ``"none"`` or ``"batchmean"``.
    mean_over
        Of elements: ``"elements"``; ``"rows"`` sums each row before. Of rows with weights: ``"elements"``
        divides by the weights, as torch does; for ``"batch"``, Keras' way, `reference_value` counts rows.
    """
    if terms.ndim == 2 and mean_over == "rows":
        terms = terms.sum(axis=1)
    if terms.ndim == 2 and mean_over == "row-means":
        terms = terms.mean(axis=1)
    if reduction == "none":
        return terms
    if reduction == "sum":
        return np.asarray(terms.sum())
    if reduction == "batchmean":
        return np.asarray(terms.sum() / len(terms))
    return np.asarray(terms.mean() if terms.ndim == 2 else terms.sum() / counts.sum())
