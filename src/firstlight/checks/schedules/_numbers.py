"""C1: every rate is a finite number that is not negative."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.schedules._subject import ScheduleSubject

__all__ = ["rates_are_numbers"]


@check_of("C1", "finite rates, none negative", families=("schedule", "numerical-stability", "sign"))
def rates_are_numbers(subject: ScheduleSubject) -> Outcome:
    """Look at every step; a negative rate climbs, and beyond the end it is only told."""
    steps, seen = subject.seen()
    values = seen.values
    bad = ~np.isfinite(values)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        return failed(
            "numerical-stability",
            expected="a finite learning rate",
            seen=f"{values[first]}",
            where=subject.mark(int(steps[first]), subject.trial.options),
            cause="Something is divided by zero or overflows at this step.",
            certainty=0.6,
        )
    negative = values < -1e-9 * max(float(np.abs(values).max(initial=0.0)), 1e-300)
    if not negative.any():
        return passed(f"{len(values)} steps")
    first = int(np.flatnonzero(negative)[0])
    where = subject.mark(int(steps[first]), subject.trial.options)
    is_known = subject.trial.options.get("total") is not None or subject.reference is not None
    if not is_known:
        return warned(f"the rate is {values[first]:.4g} at {where}", hint="Bound it from below.")
    return failed(
        "schedule",
        expected="a rate of 0 or more",
        seen=f"{values[first]:.6g}",
        where=where,
        cause="The rate falls below zero: from there on, steps climb.",
        hint="Bound the rate from below, and count the decay over the steps that there are.",
        certainty=0.55,
    )
