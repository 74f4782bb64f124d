"""O4: the first step, where the formula is short: lr g for SGD, lr sign(g) for Adam."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.optimizers._agreement import first_difference
from firstlight.checks.optimizers._comparison import comparison_of, reference_run
from firstlight.checks.optimizers._lockstep import FAMILIES_OF_A_STEP
from firstlight.checks.optimizers._settings import AS_GIVEN
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["closed_first_step"]


@check_of("O4", "first step", families=FAMILIES_OF_A_STEP)
def closed_first_step(subject: OptimizerSubject) -> Outcome:
    """Hold the first step with gradients around 1 against the reference's."""
    if subject.reference is None:
        return skipped("no reference of ours: --like names one")
    compared = comparison_of(subject)
    tape = subject.calm_tape.first(1)
    theirs = subject.run(subject.calm_tape)[:2]
    values = subject.values({})
    for _, hidden in compared.ways:
        ours = reference_run(subject.reference, tape, values, hidden)
        elementwise = subject.reference.is_elementwise
        if first_difference(theirs, ours, compared.tolerance, is_elementwise=elementwise) is None:
            return passed(_in_words(theirs[1][0] - theirs[0][0]))
    ours = reference_run(subject.reference, tape, values, {})
    place = first_difference(
        theirs, ours, compared.tolerance, is_elementwise=subject.reference.is_elementwise
    )
    assert place is not None, "one of the ways is the usual one"
    named = subject.knowledge.get(f"diagnosis {AS_GIVEN.words}")
    return failed(
        named.family if named else "rate-scale",
        expected=f"{place.expected:.9g}",
        seen=f"{place.seen:.9g}",
        where=place.where,
        cause=named.sentence if named else "The first step is not that of the formula.",
        certainty=0.4 if named else 0.2,
    )


def _in_words(move: np.ndarray) -> str:
    return f"a step of {float(np.abs(move).max()):.6g} at most"
