# ruff: noqa: E501, ARG005 - one wrong formula a line reads as a table
"""A softmax too much, too little or along another axis; shares of smoothed labels that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._formula import Mistake, Value, with_options, with_outputs, with_terms
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._log_softmax import log_sigmoid, log_softmax
from firstlight.checks.references.losses._loss import Array

__all__ = ["smoothings", "softmaxes"]


def softmaxes(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """A softmax too much, too little, or along another axis."""
    of_logs = reference.from_log_probabilities
    if of_logs is None:
        if reference.inputs == "values" and not reference.is_elementwise:
            return
        for cause, family, change in (
            ("A softmax is taken of the outputs first.", "softmax", lambda z: np.exp(log_softmax(z))),
            ("A sigmoid is taken of the outputs first.", "softmax", lambda z: np.exp(log_sigmoid(z))),
            ("The outputs enter with the wrong sign.", "sign", lambda z: -z),
            ("Log-softmax takes the place of the sigmoid.", "softmax", log_softmax),
        ):
            if reference.inputs != "values" or family == "softmax":
                yield Mistake(family, cause, with_outputs(reference, options, change))
        return
    for cause, family, logs in (
        (
            "Softmax is taken three times.",
            "softmax",
            lambda z: log_softmax(np.exp(log_softmax(np.exp(log_softmax(z))))),
        ),
        ("Softmax is taken twice.", "softmax", lambda z: log_softmax(np.exp(log_softmax(z)))),
        (
            "Softmax is taken over the batch, not over the classes.",
            "softmax",
            lambda z: log_softmax(z, axis=0),
        ),
        ("Softmax is taken over the whole array.", "softmax", lambda z: log_softmax(z, axis=None)),
        ("The softmax is missing: logits are taken for log-probabilities.", "softmax", lambda z: z),
        ("The logarithm is missing: probabilities are summed.", "softmax", lambda z: np.exp(log_softmax(z))),
        ("A sigmoid takes the place of the softmax.", "softmax", log_sigmoid),
        ("The logits enter with the wrong sign.", "sign", lambda z: log_softmax(-z)),
        (
            "The sum below is that of the logits' absolute values.",
            "softmax",
            lambda z: z - np.abs(z).sum(-1, keepdims=True),
        ),
        ("exp is summed without its logarithm.", "softmax", lambda z: z - np.exp(z).sum(-1, keepdims=True)),
    ):
        yield Mistake(family, cause, with_terms(reference, options, _of_logs(of_logs, logs)))


def _of_logs(of_logs: Any, logs: Callable[[Array], Array]) -> Callable[[Batch, dict[str, Any]], Array]:
    return lambda batch, own: of_logs(logs(batch.outputs), batch.targets, **own)


def smoothings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Shares that do not add up to one, or go to the wrong classes."""
    s = float(options.get("label_smoothing") or 0.0)
    of_logs = reference.from_log_probabilities
    if of_logs is None or "label_smoothing" not in reference.options:
        return
    if not s:
        for share in (0.1, 0.05, 0.2):
            cause = f"Labels are smoothed by {share:g}, though nothing asks for it."
            changed = {**options, "label_smoothing": share}
            yield Mistake("smoothing", cause, with_options(reference, changed))
        return

    def of(targets: Callable[[Array, int], Array]) -> Value:
        return with_terms(
            reference,
            options,
            lambda batch, own: of_logs(
                log_softmax(batch.outputs),
                targets(batch.targets, batch.targets.shape[-1]),
                **{**own, "label_smoothing": 0.0},
            ),
        )

    forms: tuple[tuple[str, Callable[[Array, int], Array]], ...] = (
        ("the label keeps 1 - s, each other class gets s / k: shares do not add up to 1", lambda t, k: t * (1 - s) + (1 - t) * s / k),
        ("s / (k - 1) goes to all k classes: shares add up to more than 1", lambda t, k: t * (1 - s) + s / (k - 1)),
        ("s / (k - 1) goes to each other class: off by k / (k - 1)", lambda t, k: t * (1 - s) + (1 - t) * s / (k - 1)),
        ("s / k goes to each class, the label included", lambda t, k: t * (1 - s) + s / k),
        ("the label keeps all of its share", lambda t, k: t + s / k),
        ("the label keeps all, the others get s / (k - 1)", lambda t, k: t + (1 - t) * s / (k - 1)),
        ("s is not divided by the number of classes", lambda t, k: t * (1 - s) + s),
        ("s is not divided by the number of other classes", lambda t, k: t * (1 - s) + (1 - t) * s),
        ("what is taken from the label goes nowhere", lambda t, k: t * (1 - s)),
        ("s and 1 - s are swapped", lambda t, k: t * s + (1 - s) / k),
        ("s and 1 - s are swapped", lambda t, k: t * s + (1 - t) * (1 - s) / (k - 1)),
        ("the spread share has the wrong sign", lambda t, k: t * (1 - s) - s / k),
        ("s is used twice", lambda t, k: t * (1 - s) ** 2 + (1 - (1 - s) ** 2) / k),
        ("half of s is used", lambda t, k: t * (1 - s / 2) + s / 2 / k),
    )  # fmt: skip
    for cause, targets in forms:
        yield Mistake("smoothing", f"Label smoothing with s = {s:g}: {cause}.", of(targets))
