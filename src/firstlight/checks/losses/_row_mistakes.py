"""Rows that count too much or too little, and labels that are those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._formula import Mistake, Value, by_rows, by_weights, with_options, with_targets
from firstlight.checks.losses._reduce import reduced, reference_value
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._loss import Array

__all__ = ["ignorings", "mislabellings", "weightings"]


def weightings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Weights by class that are those of other classes, or that a mean does not heed."""
    weight = options.get("weight")
    if weight is None or reference.weights is None:
        return
    w = np.asarray(weight, dtype=np.float64)
    is_mean = options.get("reduction") in (None, "mean")
    if is_mean:
        yield from _weighted_means(reference, options, w)
    for cause, other in (
        ("Weights are divided by instead of multiplied with.", 1 / w),
        ("Weights are in the reverse order.", w[::-1]),
        ("Weights belong to the class before.", np.roll(w, 1)),
        ("Weights belong to the class after.", np.roll(w, -1)),
        ("Weights are squared.", w * w),
        ("Weights are used as their roots.", np.sqrt(np.abs(w))),
    ):
        yield Mistake("sample-weight", cause, with_options(reference, {**options, "weight": other}))
        if is_mean:
            yield Mistake(
                "sample-weight",
                cause,
                by_rows(reference, {**options, "weight": other, "reduction": "sum"}),
            )
            yield Mistake(
                "sample-weight",
                cause,
                by_weights(reference, {**options, "weight": other, "reduction": "sum"}, w),
            )
    yield from _weights_misplaced(reference, options, w)


def _weighted_means(reference: LossReference, options: dict[str, Any], w: Array) -> Iterator[Mistake]:
    """Means that divide by something else than the weights that were used."""
    plain = {**options, "weight": None}
    total = {**options, "reduction": "sum"}

    def over(count: Callable[[Batch], float]) -> Value:
        return lambda b: reference_value(reference, b, total) / count(b)

    yield Mistake(
        "sample-weight",
        "A weighted mean divides by the number of rows, not by their weights.",
        over(lambda b: len(b.outputs)),
    )
    yield Mistake(
        "sample-weight",
        "A weighted mean divides by the sum of all class weights.",
        over(lambda _: float(w.sum())),
    )
    yield Mistake(
        "shape",
        "Weights [n] and losses [n, 1] broadcast to [n, n].",
        lambda b: reference_value(reference, b, plain) * float((b.targets @ w).mean()),
    )
    yield Mistake(
        "sample-weight",
        "Losses are not weighted, and divided by the weights.",
        lambda b: reference_value(reference, b, {**plain, "reduction": "sum"}) / float((b.targets @ w).sum()),
    )


def _weights_misplaced(reference: LossReference, options: dict[str, Any], w: Array) -> Iterator[Mistake]:
    """Weights of another class, or at another place."""
    plain = {**options, "weight": None}
    of_logs = reference.from_log_probabilities

    def by_guess(b: Batch) -> Array:
        rows = reference.terms(
            b.outputs, b.targets, **{k: v for k, v in plain.items() if k in reference.options}
        )
        guessed = w[b.outputs.argmax(-1)]
        return reduced(rows * guessed, guessed, reduction=options.get("reduction"))

    yield Mistake("sample-weight", "Weights are those of the predicted class, not of the label.", by_guess)
    if of_logs is not None:
        yield Mistake(
            "sample-weight",
            "Weights multiply the logits, not the loss.",
            lambda b: reference_value(reference, b.with_outputs(b.outputs * w), plain),
        )


def ignorings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Rows to be ignored that count all the same."""
    ignored = options.get("ignore_index")
    if ignored is None:
        return
    is_mean = options.get("reduction") in (None, "mean")
    yield Mistake(
        "ignored-option",
        f"Rows labelled {ignored} are not ignored.",
        lambda b: reference_value(reference, b, {**options, "ignore_index": None}),
    )
    if is_mean:
        total = {**options, "reduction": "sum"}
        yield Mistake(
            "reduction",
            "Ignored rows count in what a mean divides by.",
            lambda b: reference_value(reference, b, total) / len(b.outputs),
        )

    def only(b: Batch) -> Array:
        assert b.labels is not None
        total = {**options, "reduction": "sum"}
        kept = reference_value(reference, b, total)
        return np.asarray(reference_value(reference, b, {**total, "ignore_index": None}) - kept)

    yield Mistake("labels", "Only the rows to be ignored count.", only)


def mislabellings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Labels that are shifted or turned round."""
    for cause, change in (
        ("Labels are taken for the class before.", lambda t: np.roll(t, -1, axis=-1)),
        ("Labels are taken for the class after.", lambda t: np.roll(t, 1, axis=-1)),
        ("Classes are in the reverse order.", lambda t: t[..., ::-1]),
        ("Labels of another row are used.", lambda t: np.roll(t, 1, axis=0)),
        ("Labels are in the reverse order of the rows.", lambda t: t[::-1]),
    ):
        yield Mistake(
            "labels",
            cause,
            with_targets(reference, options, change),
            0.9,
        )
    if reference.inputs != "values" and reference.from_log_probabilities is None:
        return

    def index(b: Batch) -> Array:
        if b.labels is None or b.outputs.ndim != 2:
            return np.asarray(np.nan)
        return np.asarray(((b.outputs - b.labels[:, None]) ** 2).mean())

    yield Mistake("labels", "The labels' numbers are the targets, as if they were quantities.", index)
    yield Mistake(
        "labels",
        "The predicted number is compared with the label's number.",
        lambda b: (
            np.asarray(np.nan)
            if b.labels is None
            else np.asarray(((b.outputs.argmax(-1) - b.labels) ** 2).mean())
        ),
    )
    yield Mistake(
        "labels",
        "The predicted class's loss is taken, not the label's.",
        lambda b: (
            reference_value(
                reference, replace(b, targets=np.eye(b.outputs.shape[-1])[b.outputs.argmax(-1)]), options
            )
            if b.outputs.ndim == 2
            else np.asarray(np.nan)
        ),
    )
