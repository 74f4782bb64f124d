"""L15: values at nine points and on a grid."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped
from firstlight.checks._runner import theirs
from firstlight.checks.activations._explain import explained
from firstlight.checks.activations._recognise import grid
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["at_reference_points"]

POINTS = np.array([-20.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 20.0])
FAMILIES = ("forward", "sign", "ignored-option", "numerical-stability", "shape")


@check_of("L15", "values at nine points and on a grid", families=FAMILIES)
def at_reference_points(subject: ActivationSubject) -> Outcome:
    """Hold the values against the reference."""
    x = np.concatenate([POINTS, grid()])
    rows = subject._rows(x)
    output = subject.values(rows)
    if output.shape != rows.shape:
        if subject.reference is None or not subject.reference.is_elementwise:
            return skipped("its output has another shape than its input")
        return failed(
            "shape",
            expected=f"an output of shape {rows.shape}, as the input",
            seen=f"shape {output.shape}",
            where="the output's shape",
            cause="It sums, selects or adds axes, or a branch handles the whole tensor as one number.",
            certainty=0.8,
        )
    if subject.reference is None:
        return _without_reference(x, output.reshape(-1)[: x.size])
    if not subject.reference.is_elementwise:
        return skipped("L13 asks it: it is no function of single elements")
    return _compared(subject, x, output.reshape(-1)[: x.size])


def _without_reference(x: np.ndarray, seen: np.ndarray) -> Outcome:
    if np.isnan(seen).any():
        return failed(
            "numerical-stability",
            expected="numbers between x = -20 and 20",
            seen="not a number",
            cause="A logarithm or root of a negative number, or infinity by infinity.",
            where=f"x = {x[np.isnan(seen)][0]:g}",
            certainty=0.6,
        )
    return skipped("no reference: --like names one")


def _compared(subject: ActivationSubject, x: np.ndarray, seen: np.ndarray) -> Outcome:
    reference = subject.reference
    assert reference is not None
    try:
        with theirs():
            expected = subject.expected(x)
    except TypeError as error:
        return inconclusive(f"its options mean nothing to {reference.name}: {error}")
    wrong = ~(np.abs(seen - expected) <= subject.tolerance * (1 + np.abs(expected)))
    if not wrong.any():
        return passed(f"{x.size} points within {subject.tolerance:g}", dialect=subject.dialect)
    first = int(np.flatnonzero(wrong)[0])
    why = explained(subject, x, seen, expected)
    return failed(
        why.family,
        expected=f"f({x[first]:g}) = {expected[first]:.6g}",
        seen=f"{seen[first]:.6g}; {int(wrong.sum())} of {x.size} points differ",
        where=f"x = {x[first]:g}",
        cause=why.cause,
        hint=why.hint,
        certainty=why.certainty,
    )
