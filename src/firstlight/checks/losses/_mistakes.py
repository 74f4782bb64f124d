# ruff: noqa: E501, ARG005 - one wrong formula a line reads as a table
"""Wrong formulas that people write, each with its family: what a wrong loss is compared with to name its cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._reduce import reduced, reference_value
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._log_softmax import log_sigmoid, log_softmax
from firstlight.checks.references.losses._loss import Array

__all__ = ["Mistake", "mistakes_of"]

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


def mistakes_of(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what may be wrong with a loss like this reference, the likeliest first."""
    for source in (_softmaxes, _smoothings, _weightings, _ignorings, _labels, _neutral, _own, _roots):
        yield from source(reference, options)


def _with_terms(
    reference: LossReference, options: dict[str, Any], terms: Callable[[Batch, dict[str, Any]], Array]
) -> Value:
    """Return a loss whose terms are others, reduced as the reference's."""

    def value(batch: Batch) -> Array:
        own = {name: one for name, one in options.items() if name in reference.options}
        found = terms(batch, own)
        counts = np.ones(len(found)) if reference.weights is None else reference.weights(batch.targets, **own)
        over = str(options.get("mean_over", "elements"))
        return reduced(found, counts, reduction=options.get("reduction"), mean_over=over)

    return value


def _with(reference: LossReference, options: dict[str, Any]) -> Value:
    return lambda b: reference_value(reference, b, options)


def _by_rows(reference: LossReference, options: dict[str, Any]) -> Value:
    return lambda b: np.asarray(reference_value(reference, b, options) / len(b.outputs))


def _by_weights(reference: LossReference, options: dict[str, Any], weight: Array) -> Value:
    return lambda b: np.asarray(reference_value(reference, b, options) / (b.targets @ weight).sum())


def _one_row(reference: LossReference, options: dict[str, Any], row: int) -> Value:
    rows = {**options, "reduction": "none"}
    return lambda b: np.asarray(reference_value(reference, b, rows)[row].mean())


def _with_targets(
    reference: LossReference, options: dict[str, Any], change: Callable[[Array], Array]
) -> Value:
    return lambda b: reference_value(reference, replace(b, targets=change(b.targets)), options)


def _softmaxes(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
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
                yield Mistake(family, cause, _with_outputs(reference, options, change))
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
        yield Mistake(family, cause, _with_terms(reference, options, _of_logs(of_logs, logs)))


def _of_logs(of_logs: Any, logs: Callable[[Array], Array]) -> Callable[[Batch, dict[str, Any]], Array]:
    return lambda batch, own: of_logs(logs(batch.outputs), batch.targets, **own)


def _with_outputs(
    reference: LossReference, options: dict[str, Any], change: Callable[[Array], Array]
) -> Value:
    return lambda batch: reference_value(reference, batch.with_outputs(change(batch.outputs)), options)


def _smoothings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Shares that do not add up to one, or go to the wrong classes."""
    s = float(options.get("label_smoothing") or 0.0)
    of_logs = reference.from_log_probabilities
    if of_logs is None or "label_smoothing" not in reference.options:
        return
    if not s:
        for share in (0.1, 0.05, 0.2):
            cause = f"Labels are smoothed by {share:g}, though nothing asks for it."
            changed = {**options, "label_smoothing": share}
            yield Mistake("smoothing", cause, _with(reference, changed))
        return

    def of(targets: Callable[[Array, int], Array]) -> Value:
        return _with_terms(
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


def _weightings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
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
        yield Mistake("sample-weight", cause, _with(reference, {**options, "weight": other}))
        if is_mean:
            yield Mistake(
                "sample-weight",
                cause,
                _by_rows(reference, {**options, "weight": other, "reduction": "sum"}),
            )
            yield Mistake(
                "sample-weight",
                cause,
                _by_weights(reference, {**options, "weight": other, "reduction": "sum"}, w),
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


def _ignorings(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
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


def _labels(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
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
            _with_targets(reference, options, change),
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


def _neutral(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Options that are not heeded: their neutral value fits, or the reference's default."""
    neutral = {
        "label_smoothing": 0.0,
        "weight": None,
        "gamma": 0.0,
        "alpha": 1.0,
        "pos_weight": None,
        "p": 1.0,
    }
    for option, value in options.items():
        for other in (neutral.get(option), reference.options.get(option)):
            if option not in reference.options or _is_same(value, other):
                continue
            if other is None and option not in ("weight", "pos_weight"):
                continue
            changed = {**options, option: other}
            cause = f"{option} is not heeded: it computes with {other}."
            yield Mistake("ignored-option", cause, _with(reference, changed), 0.92)


def _is_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return bool(np.all(np.asarray(one) == np.asarray(other)))
    except (TypeError, ValueError):
        return False


def _own(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    from firstlight.checks.losses._own_mistakes import OWN

    for family, cause, terms in OWN.get(reference.name, ()):
        yield Mistake(family, cause, _with_terms(reference, options, terms))
    if reference.name == "focal":

        def of_the_mean(b: Batch) -> Array:
            gamma, alpha = float(options["gamma"]), np.mean(np.asarray(options["alpha"], dtype=np.float64))
            mean = float(-(b.targets * log_softmax(b.outputs)).sum(-1).mean())
            return np.asarray(alpha * (1 - np.exp(-mean)) ** gamma * mean)

        yield Mistake("reduction", "The mean is taken before the focal factor, not after.", of_the_mean)
    if reference.is_elementwise:
        yield Mistake(
            "shape",
            "Outputs [n, 1] and targets [n] broadcast to [n, n].",
            lambda b: _grid(reference, b, options),
        )


def _grid(reference: LossReference, b: Batch, options: dict[str, Any]) -> Array:
    if b.outputs.ndim != 1:
        return np.asarray(np.nan)
    own = {name: one for name, one in options.items() if name in reference.options}
    n = len(b.outputs)
    outputs, targets = np.repeat(b.outputs[:, None], n, 1), np.repeat(b.targets[None], n, 0)
    return np.asarray(reference.terms(outputs, targets, **own).mean())


def _roots(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    yield Mistake("reduction", "Only the first row counts.", _one_row(reference, options, 0))
    yield Mistake("reduction", "Only the last row counts.", _one_row(reference, options, -1))
    yield Mistake(
        "forward",
        "A square root is taken of the mean.",
        lambda b: np.sqrt(np.abs(reference_value(reference, b, options))),
        0.85,
    )
    yield Mistake(
        "forward", "The mean is squared.", lambda b: reference_value(reference, b, options) ** 2, 0.8
    )
    yield Mistake(
        "forward",
        "The exponential is taken of the mean.",
        lambda b: np.exp(reference_value(reference, b, options)),
        0.8,
    )
