"""O18: the rate of every step equals the closed form."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks.schedules._matching import Match, match, mistake_of
from firstlight.checks.schedules._peer import against_peer
from firstlight.checks.schedules._subject import ScheduleSubject

__all__ = ["closed_form", "mismatch"]


@check_of("O18", "closed form at every step", families=("schedule", "rate-scale", "ignored-option"))
def closed_form(subject: ScheduleSubject) -> Outcome:
    """Compare all steps with the reference, in each of its accepted ways."""
    if subject.given.peer is not None:
        return against_peer(subject)
    if subject.reference is None:
        return skipped("no reference: --like names one")
    found = match(subject, subject.trial)
    if found.unknown:
        names = ", ".join(found.unknown)
        return inconclusive(
            f"{names} cannot be known from its arguments",
            hint=f"Say it: --declares {found.unknown[0]}=...",
        )
    if found.is_right:
        wanted = subject.reference.length(subject.reference.with_options(found.options))
        if len(found.steps) < min(wanted, 100) - 2:
            return warned(f"it says that it is over after {len(found.steps)} of {wanted} steps")
        return passed(f"{len(found.steps)} steps", dialect=found.words or None)
    return mismatch(subject, found, certainty=0.7)


def mismatch(subject: ScheduleSubject, found: Match, *, certainty: float, setting: str = "") -> Outcome:
    """Return the failure of a trajectory that fits no accepted way."""
    assert subject.reference is not None
    assert found.first_bad is not None
    index = found.first_bad
    step = int(found.steps[index])
    mistake = mistake_of(subject, found)
    where = subject.mark(step, found.options)
    cause = mistake.words if mistake else _place(subject, found, step)
    return failed(
        mistake.family if mistake else "schedule",
        expected=f"a rate of {found.expected[index]:.8g} ({subject.reference.name})",
        seen=f"{found.seen[index]:.8g}",
        where=f"{where}{setting}",
        cause=cause,
        hint=f"The formula is that of {subject.reference.source}.",
        certainty=0.92 if mistake else certainty,
    )


def _place(subject: ScheduleSubject, found: Match, step: int) -> str:
    """Say in which part it goes wrong, where no known mistake fits."""
    assert subject.reference is not None
    options = subject.reference.with_options(found.options)
    warmup = int(getattr(options, "warmup", 0) or 0)
    total = int(getattr(options, "total", 0) or 0)
    restarts = [mark for mark, words in subject.reference.marks(options).items() if "restart" in words]
    if step == 0:
        return "Already the first rate is another one."
    if step < warmup:
        return "The warm-up does not rise as it should."
    if warmup and step <= warmup + 1:
        return "What follows the warm-up does not begin where the warm-up ends."
    if any(abs(step - mark) <= 1 for mark in restarts):
        return "The restart comes at another step."
    if total and step >= total - 2:
        return "The last rate is another one."
    return f"From this step on it is no {subject.reference.name} schedule any more."
