"""C9: twice all rates that are given make twice the rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.schedules._subject import BASE, ScheduleSubject
from firstlight.checks.schedules._warmup_end import fits

__all__ = ["proportional"]

RATES = ("base_lr", "min_lr", "start_lr")
RATE_WORDS = ("lr", "learning_rate", "eta_", "value")
NO_RATES = ("ratio", "factor", "frac", "decay", "power", "momentum", "steps", "iters", "epoch", "scale")


@check_of("C9", "proportional to the base rate", families=("schedule", "ignored-option", "rate-scale"))
def proportional(subject: ScheduleSubject) -> Outcome:
    """Double the base rate, and every other rate that is given as such."""
    changed = _doubled(subject)
    if changed is None:
        return skipped("no base rate can be given")
    if subject.declares.get("scale") == "factor":
        return skipped("it is a factor")
    steps, seen = subject.seen()
    if subject.form.style in ("function", "method"):
        steps = steps[:: max(len(steps) // 24, 1)]
        seen = subject.rates(subject.args, steps.tolist())
    base = 2 * BASE if subject.form.holds_rate else BASE
    try:
        twice = subject.rates({**subject.args, **changed}, steps.tolist(), base)
    except TargetBroke:
        return skipped("it refuses twice the rate")
    count = min(len(seen.values), len(twice.values))
    expected, values = 2 * seen.values[:count], twice.values[:count]
    peak = float(np.abs(expected).max(initial=0.0)) or 1.0
    error = np.abs(expected - values)
    if error.max() <= 1e-5 * peak:
        return passed(f"{count} steps")
    step = int(np.argmax(error > 1e-5 * peak))
    where = subject.mark(int(steps[step]), subject.trial.options)
    said = f"{values[step]:.6g} instead of {expected[step]:.6g} with twice the rate"
    if fits(subject) or error.max() <= 0.02 * peak or _has_more(subject):
        return warned(
            said, where=where, hint="A rate that is written in the code does not grow with the base rate."
        )
    is_deaf = np.abs(values - seen.values[:count]).max() <= 1e-9 * peak
    return failed(
        "ignored-option" if is_deaf else "schedule",
        expected=f"twice the rates for twice the base rate: {expected[step]:.6g}",
        seen=f"{values[step]:.6g}",
        where=where,
        cause="The base rate is not used." if is_deaf else "The rate does not go with the base rate.",
        certainty=0.8 if is_deaf else 0.5,
    )


def _doubled(subject: ScheduleSubject) -> dict[str, Any] | None:
    values, changed = subject.values, {}
    shares = {subject.names.of[option] for option in subject.names.shares}
    for name, value in values.items():
        is_rate = name in {subject.names.of.get(option) for option in RATES} or any(
            word in name.lower() for word in RATE_WORDS
        )
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_rate and is_number and name not in shares and not any(word in name for word in NO_RATES):
            changed[name] = 2 * value
    if not subject.form.holds_rate and subject.names.of.get("base_lr") not in changed:
        return None
    return changed


def _has_more(subject: ScheduleSubject) -> bool:
    """Whether there are numbers among the arguments whose meaning is not known: they may be rates too."""
    known = set(subject.names.of.values()) | {subject.names.per_epoch, subject.form.step_name}
    return any(
        isinstance(value, float) and name not in known and value != 0.0
        for name, value in subject.values.items()
    )
