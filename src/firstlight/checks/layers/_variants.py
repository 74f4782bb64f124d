"""L20: the same outputs under other options, so that none hides behind its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstlight._errors import TargetError
from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.layers._lockstep import FAMILIES, outcome_of
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["under_other_options"]

CERTAIN = ("stride", "padding", "bias", "eps")


@check_of("L20", "options in lockstep", families=FAMILIES)
def under_other_options(subject: LayerSubject) -> Outcome:
    """Make the class with amplified options, one set after the other, and compare again."""
    if subject.reference is None or not subject.reference.variants:
        return skipped("the reference has no options to vary" if subject.reference else "no reference")
    if not subject.can_be_remade:
        return skipped("only a class can be made with other options")
    base = subject.in_evaluation
    if not base.agrees and not subject.reference.is_random:
        return skipped("the outputs differ, or cannot be compared, as it is")
    tried = []
    for change in subject.reference.variants:
        outcome = _one(subject, change)
        if outcome is None:
            continue
        if outcome.status == "fail":
            return outcome
        tried.append(_words(change))
    if not tried:
        return skipped("the class takes none of the options that the reference varies")
    return passed("; ".join(tried))


def _one(subject: LayerSubject, change: Mapping[str, Any]) -> Outcome | None:
    assert subject.reference is not None
    if not all(subject.takes_option(name) for name in change):
        return None
    changes = dict(change)
    if all(subject.known.values.get(name) == value for name, value in changes.items()):
        return None
    try:
        layer = subject.make(
            {subject.known.names[name]: subject.their_value(name, value) for name, value in changes.items()}
        )
    except TargetError:
        return None
    is_normalisation = subject.reference.name.startswith("batchnorm")
    comparison = subject.compare(changes, training=is_normalisation, layer=layer)
    words = f"with {_words(change)}"
    if comparison.broke is not None:
        error = comparison.broke.__cause__
        is_plain = all(isinstance(value, int | float) for value in change.values())
        if (
            not is_plain
            or not set(change) <= set(CERTAIN)
            or isinstance(error, NotImplementedError | AssertionError)
        ):
            return None
        return failed(
            "shape",
            expected="an output",
            seen=str(comparison.broke).splitlines()[0][:200],
            where=words,
            cause=f"The option {', '.join(change)} is taken, and breaks the layer.",
            certainty=0.3,
        )
    if comparison.unclear or not comparison.best.is_readable:
        return None
    outcome = outcome_of(subject, comparison, words)
    if outcome.status == "fail" and comparison.mistake is None and _is_ignored(subject, layer):
        return failed(
            "epsilon" if set(change) == {"eps"} else "ignored-option",
            expected=outcome.expected,
            seen=outcome.seen,
            where=words,
            cause=f"{', '.join(change)} changes nothing.",
            certainty=0.9,
        )
    return outcome


def _is_ignored(subject: LayerSubject, layer: Any) -> bool:
    """Tell whether the layer computes just what it does without the change."""
    base = subject.make()
    if {name: one.shape for name, one in base.values().items()} != {
        name: one.shape for name, one in layer.values().items()
    }:
        return False
    layer.write(base.values())
    x = subject.plan.draw(3)
    mine, usual = layer.again(x), base.mode(layer.training).again(x)
    return mine.shape == usual.shape and bool((mine == usual).all())


def _words(change: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in change.items())
