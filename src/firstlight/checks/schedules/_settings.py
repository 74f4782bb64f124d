"""C2: the closed form again, at settings where every option matters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.schedules._closed_form import mismatch
from firstlight.checks.schedules._matching import Match, matches
from firstlight.checks.schedules._subject import ScheduleSubject, Trial

__all__ = ["other_settings", "trials_of"]


@check_of("C2", "closed form at other settings", families=("schedule", "ignored-option"))
def other_settings(subject: ScheduleSubject) -> Outcome:
    """Ask at settings of our own; one and the same way of writing it has to fit all of them."""
    if subject.reference is None:
        return skipped("no reference: --like names one")
    asked = matches(subject, subject.trial)
    if asked[0].unknown:
        return skipped("some of its options cannot be known")
    if not any(one.is_right for one in asked):
        return skipped("it does not fit at the setting that was asked for")
    ways = {_way(one) for one in asked if one.is_right}
    count = 0
    for trial in trials_of(subject):
        try:
            found = matches(subject, trial)
        except TargetBroke:
            continue  # it may refuse a setting that nobody asked for
        if found[0].unknown or len(found[0].seen) == 0:
            continue
        right = {_way(one) for one in found if one.is_right}
        if not right:
            best = max(
                found, key=lambda one: (one.first_bad or 0, -float(np.abs(one.expected - one.seen).sum()))
            )
            return mismatch(subject, best, certainty=0.65, setting=f"; arguments {_said(trial)}")
        if not ways & right:
            return _inconsistent(subject, trial, found, ways)
        ways &= right
        count += 1
    if not count:
        return skipped("its arguments cannot be varied")
    return passed(f"{count} settings")


def _way(one: Match) -> tuple[str, ...]:
    return (repr(sorted(one.hidden.items())), str(one.offset))


def _said(trial: Trial) -> str:
    return ", ".join(f"{name}={value}" for name, value in trial.args.items())


def _inconsistent(
    subject: ScheduleSubject, trial: Trial, found: list[Match], ways: set[tuple[str, ...]]
) -> Outcome:
    """Each setting fits one way of writing it, and no way fits all."""
    best = max((one for one in found if _way(one) in ways), key=lambda one: one.first_bad or 0)
    index = best.first_bad or 0
    return failed(
        "schedule",
        expected=f"a rate of {best.expected[index]:.8g}, written as at the other settings",
        seen=f"{best.seen[index]:.8g}",
        where=f"{subject.mark(int(best.steps[index]), best.options)}; arguments {_said(trial)}",
        cause="It is written one way at some settings and another way at others.",
        certainty=0.5,
    )


def trials_of(subject: ScheduleSubject) -> Iterator[Trial]:
    """Yield the reference's settings in the target's own words, as far as it can say them."""
    assert subject.reference is not None
    for setting in subject.reference.settings:
        trial = trial_with(subject, setting)
        if trial is not None:
            yield trial


def trial_with(subject: ScheduleSubject, setting: dict[str, object] | object) -> Trial | None:
    """Return the setting's values where the target takes them, its own ones elsewhere."""
    assert isinstance(setting, dict) or hasattr(setting, "items")
    values = dict(setting.items())
    whole = {key: value for key, value in values.items() if value is not None}
    written = subject.names.write(whole, subject.values)
    if written is None:
        return None
    args = {**subject.args, **written}
    if subject.names.per_epoch and subject.names.per_epoch not in args:
        return None
    base = values.get("base_lr")
    base = float(base) if isinstance(base, (int, float)) else 0.5
    trial = subject.trial_of(args, base)
    return Trial(args, trial.options, base)
