"""O2: the same with options at values that make each of them count."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.optimizers._comparison import REFUSALS, Comparison, Way, comparison_of
from firstlight.checks.optimizers._diagnosis import FAMILY_OF_OPTION
from firstlight.checks.optimizers._lockstep import FAMILIES_OF_A_STEP, parted
from firstlight.checks.optimizers._settings import AMPLIFIED, DECAY, Setting
from firstlight.checks.optimizers._subject import OptimizerSubject

__all__ = ["amplified_lockstep"]


@check_of("O2", "lockstep with amplified options", families=FAMILIES_OF_A_STEP)
def amplified_lockstep(subject: OptimizerSubject) -> Outcome:
    """Repeat the lockstep under several settings; one accepted way of writing has to hold in all of them."""
    if subject.reference is None:
        return skipped("no reference of ours: --like names one")
    compared = comparison_of(subject)
    breaking = _breaking_option(compared)
    if breaking is not None:
        return breaking
    ways, failing = _one_way(compared)
    if failing is not None:
        return parted(compared, failing, ways)
    words = min((way[0] for way in ways), key=len)
    return passed(f"{len(compared.settings)} settings of its options", dialect=words or None)


def _breaking_option(compared: Comparison) -> Outcome | None:
    """Return the failure of a target that one option breaks, though it runs without."""
    subject = compared.subject
    for option in subject.spelled:
        value = {**AMPLIFIED, "weight_decay": DECAY}.get(option)
        if value is None or option not in compared.reference.options:
            continue
        try:
            subject.run(subject.tape, {option: value})
        except TargetBroke as error:
            if isinstance(error.__cause__, REFUSALS) or not _runs(subject):
                continue
            return failed(
                FAMILY_OF_OPTION.get(option, "rate-scale"),
                expected="no exception",
                seen=str(error).splitlines()[0][:200],
                where=f"with {subject.spelled[option].name} {value:g}",
                cause=f"{subject.spelled[option].name} breaks it.",
                certainty=0.6,
            )
    return None


def _runs(subject: OptimizerSubject) -> bool:
    try:
        subject.run(subject.tape)
    except TargetBroke:
        return False
    return True


def _one_way(compared: Comparison) -> tuple[tuple[Way, ...], Setting | None]:
    ways, failing = compared.agreeing(compared.settings, compared.ways)
    if failing is None or "tolerance" in compared.subject.knowledge:
        return ways, failing
    for tolerance in compared.looser:
        compared.subject.knowledge["tolerance"] = tolerance
        rough, still_failing = compared.agreeing(compared.settings, compared.ways)
        if still_failing is None:
            return rough, None
        del compared.subject.knowledge["tolerance"]
    return ways, failing
