"""S6 and S7: weights count as copies do, and each option does what the reference says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.losses._explain import explained
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._recognise import fitting_batches
from firstlight.checks.losses._subject import LossSubject

__all__ = ["options_are_heeded"]

FAMILIES = ("ignored-option", "sample-weight", "smoothing", "reduction", "forward", "labels", "shape", "sign")


@check_of("S7", "each option is heeded", families=FAMILIES)
def options_are_heeded(subject: LossSubject) -> Outcome:
    """Set one option at a time and hold losses against the reference with the same option."""
    if subject.reference is None or not subject.exposed.names:
        return skipped("it accepts no option of a reference")
    if as_reference.run(subject).status != "pass":
        return skipped("S8 tells of it")
    asked: list[str] = []
    left: list[str] = []
    dialect = None
    for option, value in _settings(subject):
        name = subject.exposed.names[option]
        found = _asked(subject, option, name, value)
        if found is not None and found.status == "fail":
            return found
        dialect = dialect or (found.dialect if found is not None else None)
        (left if found is not None and found.status == "inconclusive" else asked).append(
            f"{name}={_short(value)}"
        )
    if not asked:
        return warned(f"Not tried: {', '.join(left)}.") if left else skipped("it has no option to set")
    return passed(", ".join(asked), dialect=dialect)


def _settings(subject: LossSubject) -> Iterator[tuple[str, Any]]:
    """Yield options that the target accepts, with values that change the loss."""
    k = subject.classes
    values = {
        "weight": np.linspace(0.3, 2.9, k),
        "label_smoothing": 0.3,
        "ignore_index": 3 % k,
        "reduction": "sum",
        "gamma": 3.0,
        "alpha": 0.4,
        "pos_weight": 2.5,
        "delta": 0.6,
        "beta": 0.6,
        "margin": 0.7,
    }
    for option, value in values.items():
        if option not in subject.exposed.names:
            continue
        current = subject.options.get(option)
        if option == "alpha" and subject.exposed.names[option] == "weight":
            continue
        if option == "reduction":
            if isinstance(current, str):
                yield option, "mean"
                yield option, "none"
            else:
                continue
        if option == "ignore_index" and isinstance(current, (int, float)) and current >= 0:
            continue
        if option in ("weight", "pos_weight") and (_is_set(current) or subject.form == "vector"):
            continue
        yield option, value


def _is_set(current: Any) -> bool:
    return current is not None and not (np.size(current) == 1 and float(np.mean(current)) == 1.0)


def _asked(subject: LossSubject, option: str, name: str, value: Any) -> Outcome | None:
    options = {**subject.options, option: value}
    if option in ("weight", "pos_weight") and isinstance(value, np.ndarray):
        given: Any = value.tolist()
    else:
        given = value
    try:
        changed = replace(subject.with_args(**{name: given}), options=options)
        batches = fitting_batches(changed)
        seen = [changed.value(one) for one in batches]
    except (TargetBroke, TypeError, ValueError, AttributeError, RuntimeError, IndexError):
        return inconclusive(f"{name} could not be set to {_short(value)}")
    expected = [changed.expected(one) for one in batches]
    if all(subject.is_close(one, other) for one, other in zip(seen, expected, strict=True)):
        return None
    if option == "weight" and subject.accepts_mean_of_rows:
        by_rows = [changed.expected(one, mean_over="batch") for one in batches]
        if all(subject.is_close(one, other) for one, other in zip(seen, by_rows, strict=True)):
            return passed(
                f"{name} in a mean over the rows", dialect="a weighted mean over the rows, as Keras'"
            )
    is_elementwise = subject.reference is not None and subject.reference.is_elementwise
    is_lenient = option == "reduction" and (value != "sum" or is_elementwise or not subject.is_declared)
    if is_lenient and _other_mean(changed, seen, batches):
        return None
    if option == "reduction" and value == "none" and all(one.size == 1 for one in seen):
        return inconclusive("it knows no reduction=none")  # many know mean and sum alone; sum is asked next
    before = [subject.value(one) for one in batches]
    if all(
        one.shape == other.shape and np.allclose(one, other, rtol=1e-9)
        for one, other in zip(seen, before, strict=True)
    ):
        return failed(
            "ignored-option",
            expected=f"another loss with {name}={_short(value)}",
            seen="the same loss as without",
            where=name,
            cause=f"{name} is accepted and changes nothing.",
            hint=f"Use {name} in the formula.",
            certainty=0.96,
        )
    why = explained(changed, batches, seen)
    if why.certainty < 0.65 and option in ("alpha", "weight", "ignore_index"):
        return inconclusive(f"{name}={_short(value)} means something else than in the reference")
    if why.certainty < 0.9 and not subject.is_declared:
        return inconclusive(f"{name}={_short(value)} means something else than in the reference")
    return failed(
        _family(option, why.family, why.certainty),
        expected=f"{float(expected[0].reshape(-1)[0]):.6g} with {name}={_short(value)}",
        seen=f"{float(seen[0].reshape(-1)[0]):.6g}",
        where=f"{name}={_short(value)}",
        cause=why.cause if why.certainty >= 0.65 else f"{name} enters the formula wrongly.",
        certainty=max(why.certainty - 0.02, 0.5),
    )


def _other_mean(subject: LossSubject, seen: list[Any], batches: Any) -> bool:
    """Accept other ways to give one loss a row, or a mean, of elements."""
    for over in ("elements", "rows", "row-means"):
        wanted = [subject.expected(one, mean_over=over) for one in batches]
        if all(subject.is_close(one, other) for one, other in zip(seen, wanted, strict=True)):
            return True
    return False


def _family(option: str, found: str, certainty: float) -> str:
    if certainty >= 0.65:
        return found
    return {"weight": "sample-weight", "label_smoothing": "smoothing", "reduction": "reduction"}.get(
        option, found
    )


def _short(value: Any) -> str:
    return f"[{value[0]:g} ... {value[-1]:g}]" if isinstance(value, np.ndarray) else f"{value}"
