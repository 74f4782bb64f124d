"""C12: each option that the formula depends on changes the rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.references.schedules import ScheduleReference
from firstlight.checks.schedules._settings import trial_with, trials_of
from firstlight.checks.schedules._subject import ScheduleSubject, Trial

__all__ = ["every_option_counts"]


@check_of("C12", "every option counts", families=("ignored-option",))
def every_option_counts(subject: ScheduleSubject) -> Outcome:
    """Change one option after the other where the reference's rates change with it."""
    reference = subject.reference
    if reference is None:
        return skipped("no reference: --like names one")
    live = []
    for option in sorted(subject.names.of):
        deaf = _deaf(subject, option)
        if deaf is not None:
            return deaf
        live.append(option)
    if not live:
        return skipped("no option is known")
    return passed(", ".join(live))


def _deaf(subject: ScheduleSubject, option: str) -> Outcome | None:
    reference = subject.reference
    assert reference is not None
    for trial, setting in zip(trials_of(subject), reference.settings, strict=False):
        changed = _changed(setting.get(option))
        other = None if changed is None else trial_with(subject, {**setting, option: changed})
        if other is None or changed is None or (other.args == trial.args and other.base == trial.base):
            continue
        chosen = _telling(subject, reference, trial, other)
        if chosen is None:
            continue
        whole = list(range(min(subject.horizon(trial.options), 200)))
        if not _differ(subject, trial, other, chosen) and not _differ(subject, trial, other, whole):
            name = subject.names.of[option]
            return failed(
                "ignored-option",
                expected=f"other rates for {name} = {other.args.get(name)} than for {trial.args.get(name)}",
                seen="the same rates",
                where=f"argument {name}",
                cause=f"The option {name} is accepted and not used.",
                certainty=0.95,
            )
        return None
    return None


def _telling(
    subject: ScheduleSubject, reference: ScheduleReference, trial: Trial, other: Trial
) -> list[int] | None:
    """Return the steps at which the reference's rates differ most; ``None`` where they hardly do."""
    steps = np.arange(min(subject.horizon(trial.options), 100))
    right, moved = (
        reference.rates(steps, {**one.options, "base_lr": one.options.get("base_lr", 1.0)})
        for one in (trial, other)
    )
    change = np.abs(right - moved)
    if change.max() < 1e-4 * np.abs(right).max():
        return None
    return sorted(np.argsort(-change, kind="stable")[:6].tolist())


def _differ(subject: ScheduleSubject, one: Trial, other: Trial, steps: list[int]) -> bool:
    try:
        first = subject.rates(one.args, steps, one.base or 0.5).values
        second = subject.rates(other.args, steps, other.base or 0.5).values
    except TargetBroke:
        return True
    return len(first) != len(second) or bool((first != second).any())


def _changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return None
    if isinstance(value, int):
        return value + max(value // 4, 1)
    if isinstance(value, float):
        return value * 1.25 if value else 0.03125
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return tuple(one + 1 for one in value)
    return None
