"""O1: step beside the reference, in float64, along 25 fixed gradients."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.optimizers._agreement import SINGLE
from firstlight.checks.optimizers._comparison import Comparison, Way, comparison_of
from firstlight.checks.optimizers._diagnosis import diagnosed
from firstlight.checks.optimizers._settings import AS_GIVEN, Setting
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["FAMILIES_OF_A_STEP", "golden_lockstep", "parted"]

FAMILIES_OF_A_STEP = (
    "rate-scale",
    "sign",
    "bias-correction",
    "epsilon",
    "weight-decay",
    "momentum",
    "state",
    "shape",
    "ignored-option",
)


@check_of("O1", "lockstep with the reference", families=FAMILIES_OF_A_STEP)
def golden_lockstep(subject: OptimizerSubject) -> Outcome:
    """Hold the weights after each step against the reference's, with the target's own defaults."""
    if subject.reference is None:
        return skipped("no reference of ours: --like names one")
    compared = comparison_of(subject)
    agreeing, failing = compared.agreeing([AS_GIVEN], compared.ways)
    for tolerance in compared.looser if failing is not None else ():
        subject.knowledge["tolerance"] = tolerance
        agreeing, failing = compared.agreeing([AS_GIVEN], compared.ways)
        if failing is None:
            break
        del subject.knowledge["tolerance"]
    if failing is not None:
        return parted(compared, failing, compared.ways)
    exactly = f"to {compared.tolerance.of_way:g}"
    exactly = "to single precision" if compared.tolerance is SINGLE else exactly
    return passed(
        f"{len(subject.tape.grads)} steps like {subject.reference.name} {exactly}",
        dialect=agreeing[0][0] or None,
    )


def parted(compared: Comparison, failing: Setting, ways: tuple[Way, ...]) -> Outcome:
    """Return the failure of a target that leaves its reference."""
    place = compared.difference(failing, _nearest(compared, failing, ways), compared.tolerance)
    if place is None:  # the way it was held against has constants of its own
        place = compared.difference(failing, {}, compared.tolerance)
    assert place is not None, "only where no way agrees"
    named = diagnosed(compared, failing, ways, place)
    ratio = f", {place.seen / place.expected:.6g} times as far" if place.expected else ""
    return failed(
        named.family,
        expected=f"a step of {place.expected:.9g}",
        seen=f"{place.seen:.9g}{ratio}",
        where=f"{place.where}; with {failing.words}",
        cause=named.sentence,
        certainty=named.certainty,
    )


def _nearest(compared: Comparison, failing: Setting, ways: tuple[Way, ...]) -> dict[str, object]:
    """Return the way that agrees for the most steps."""
    found: list[tuple[int, int, dict[str, object]]] = []
    for i, (_, hidden) in enumerate(ways[:8]):
        place = compared.difference(failing, hidden, compared.tolerance)
        if place is not None:
            found.append((-place.step, i, hidden))
    return min(found)[2] if found else {}
