"""C4: neighbouring rates are close, unless the schedule has jumps."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.schedules._subject import ScheduleSubject
from firstlight.checks.schedules._warmup_end import fits

__all__ = ["no_jump"]


@check_of("C4", "no jump", families=("schedule",))
def no_jump(subject: ScheduleSubject) -> Outcome:
    """Find neighbours that differ by more than a factor of two, and a fifth of the highest rate."""
    declared = subject.declares.get("jumps")
    is_jumpy = subject.reference is not None and subject.reference.has_jumps
    if declared == "yes" or (is_jumpy and declared is None):
        return skipped("it is meant to jump")
    if fits(subject):
        return passed("as the closed form")
    steps, seen = subject.seen()
    values = seen.values
    peak = float(np.abs(values).max(initial=0.0))
    before, after = values[:-1], values[1:]
    is_next = np.diff(steps[: len(values)]) == 1
    jumps = is_next & (np.abs(after - before) > 0.2 * peak)
    jumps &= (after > 2 * before) | (before > 2 * after)
    jumps[:1] = False
    if not jumps.any():
        return passed("no neighbours differ by more than a factor of two")
    first = int(np.flatnonzero(jumps)[0])
    where = subject.mark(int(steps[first + 1]), subject.trial.options)
    said = f"{before[first]:.6g}, then {after[first]:.6g}"
    if declared != "no" and (subject.reference is None or int(jumps.sum()) < 1):
        return warned(f"the rate jumps: {said}", where=where, hint="Declare jumps=yes where that is meant.")
    return failed(
        "schedule",
        expected="neighbouring rates within a factor of two",
        seen=said,
        where=where,
        cause="Two parts of the schedule do not meet.",
        certainty=0.5,
    )
