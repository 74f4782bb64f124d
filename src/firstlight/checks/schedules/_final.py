"""C5: the last rate is the one that was asked for, and no rate is below the lowest."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.schedules._subject import ScheduleSubject
from firstlight.checks.schedules._warmup_end import fits

__all__ = ["final_rate"]


@check_of("C5", "final rate", families=("schedule", "ignored-option"))
def final_rate(subject: ScheduleSubject) -> Outcome:
    """Read the rate at the last step and after it; hold all against a lowest rate that was given."""
    options = subject.trial.options
    final = subject.declares.get("final")
    if final is not None and options.get("total"):
        return _ends_at(subject, float(final))
    if fits(subject):
        return passed("as the closed form")
    lowest = options.get("min_lr")
    if not isinstance(lowest, (int, float)) or lowest <= 0:
        return skipped("no last or lowest rate was given")
    return _above(subject, float(lowest))


def _ends_at(subject: ScheduleSubject, final: float) -> Outcome:
    steps, seen = subject.seen(extra=1)
    values = seen.values
    last = values[-2:] if len(values) > 2 else values
    slack = 3 * abs(values[-3] - values[-2]) if len(values) > 3 else 0.0
    near = slack + 1e-6 * float(np.abs(values).max())
    if np.abs(last - final).min() <= near:
        return passed(f"{last[-1]:.6g} at the end")
    return failed(
        "schedule",
        expected=f"a last rate of {final:.6g}",
        seen=f"{last[-1]:.6g}",
        where=f"step {int(steps[-1])} (counted from 0), its end",
        cause="It does not come to its end: its length or its last rate is not used.",
        certainty=0.65,
    )


def _above(subject: ScheduleSubject, lowest: float) -> Outcome:
    """After the warm-up no rate is below the lowest, whether that is a rate or a part of the highest."""
    options = subject.trial.options
    steps, seen = subject.seen()
    start = int(options.get("warmup") or 0) + 1
    base = options.get("base_lr")
    values = seen.values[steps[: len(seen.values)] >= start] if start > 1 else seen.values
    if not len(values):
        return skipped("it has but a warm-up")
    full = float(base) if isinstance(base, (int, float)) else 0.0
    if full and abs(float(seen.values.max()) - (full + lowest)) <= 1e-9 * full:
        return failed(
            "schedule",
            expected=f"{full:.6g} at the most",
            seen=f"{float(seen.values.max()):.6g}",
            where=f"step {int(steps[int(seen.values.argmax())])} (counted from 0)",
            cause="The lowest rate is added on top of the highest: it starts above the base rate.",
            certainty=0.8,
        )
    bound = min(lowest, lowest * base) if isinstance(base, (int, float)) else lowest
    below = values < bound * (1 - 1e-5)
    if not below.any():
        return passed(f"no rate below {lowest:.6g}")
    first = int(np.flatnonzero(below)[0])
    where = f"step {int(steps[len(steps) - len(values) + first])} (counted from 0)"
    if subject.form.signature.takes_any:
        return warned(f"the rate is {values[first]:.6g}, below {lowest:.6g}", where=where)
    return failed(
        "schedule",
        expected=f"no rate below {lowest:.6g} after the warm-up",
        seen=f"{values[first]:.6g}",
        where=where,
        cause="The lowest rate is not kept to.",
        certainty=0.6,
    )
