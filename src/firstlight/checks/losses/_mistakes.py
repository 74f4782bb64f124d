# ruff: noqa: E501 - one wrong formula a line reads as a table
"""Wrong formulas that people write, each with its family: what a wrong loss is compared with to name its cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from firstlight.checks.losses._batches import Batch
from firstlight.checks.losses._formula import Mistake, one_row, with_options, with_terms
from firstlight.checks.losses._reduce import reference_value
from firstlight.checks.losses._row_mistakes import ignorings, mislabellings, weightings
from firstlight.checks.losses._softmax_mistakes import smoothings, softmaxes
from firstlight.checks.references.losses import LossReference
from firstlight.checks.references.losses._log_softmax import log_softmax
from firstlight.checks.references.losses._loss import Array

__all__ = ["Mistake", "mistakes_of"]


def mistakes_of(reference: LossReference, options: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what may be wrong with a loss like this reference, the likeliest first."""
    for source in (softmaxes, smoothings, weightings, ignorings, mislabellings, _neutral, _own, _roots):
        yield from source(reference, options)


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
            yield Mistake("ignored-option", cause, with_options(reference, changed), 0.92)


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
        yield Mistake(family, cause, with_terms(reference, options, terms))
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
    yield Mistake("reduction", "Only the first row counts.", one_row(reference, options, 0))
    yield Mistake("reduction", "Only the last row counts.", one_row(reference, options, -1))
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
