"""L32: an output depends on its own input and on no other."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.activations._subject import ActivationSubject

__all__ = ["elements_are_independent"]


@check_of("L32", "elements do not know each other", families=("batch-mixing",))
def elements_are_independent(subject: ActivationSubject) -> Outcome:
    """Change one element, or one row, to something large and look at all others."""
    if subject.reference is None:
        return skipped("no reference: it may be meant to mix elements")
    is_elementwise = subject.reference.is_elementwise
    if not is_elementwise and int(subject.exposed.values.get("axis", -1)) % 2 == 0:
        return skipped("it works along the first axis")
    x = np.random.default_rng(13).normal(size=(8, subject.width))
    base = subject.values(x)
    if base.shape != x.shape:
        return skipped("its output has another shape than its input")
    moving = "element [3, 1]" if is_elementwise else "row 3"
    for value in (37.0, -41.0, 0.0):
        moved = x.copy()
        moved[3, 1 if is_elementwise else slice(None)] = value
        moved[3, 0 if not is_elementwise else 1] = value
        change = np.abs(subject.values(moved) - base)
        change[3, 1 if is_elementwise else slice(None)] = 0
        if not (change <= 1e-5 * (1 + np.abs(base))).all():
            first = tuple(int(i) for i in np.argwhere(~(change <= 1e-5 * (1 + np.abs(base))))[0])
            return failed(
                "batch-mixing",
                expected=f"element {list(first)} unchanged when {moving} becomes {value:g}",
                seen=f"it changes by {change[first]:.4g}",
                where=f"element {list(first)}",
                cause="A sum, maximum, mean or condition is taken over the whole tensor.",
                certainty=0.93 if is_elementwise else 0.75,
            )
    return passed("3 changes")
