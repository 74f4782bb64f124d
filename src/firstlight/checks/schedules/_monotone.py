"""C6: after the warm-up the rate only falls (or rises) where that is declared or the reference's way."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.schedules._subject import ScheduleSubject
from firstlight.checks.schedules._warmup_end import fits

__all__ = ["monotone"]

FALLING = {
    "cosine",
    "exponential",
    "inverse-sqrt",
    "inverse-time",
    "multi-step",
    "noam",
    "polynomial",
    "step",
    "warmup-cosine",
    "warmup-linear",
    "warmup-polynomial",
    "wsd",
}


@check_of("C6", "falls after the warm-up", families=("schedule", "sign"))
def monotone(subject: ScheduleSubject) -> Outcome:
    """Look for a step in the wrong direction between the end of the warm-up and the end of all."""
    declared = subject.declares.get("monotone")
    if declared is None and fits(subject):
        return passed("as the closed form")
    if declared is None and not _falls(subject):
        return skipped("nothing says that it only falls")
    if declared == "no":
        return skipped("it is meant to go up and down")
    steps, seen = subject.seen()
    warmup = int(subject.trial.options.get("warmup") or 0) + max(subject.form.offsets)
    first = int(np.searchsorted(steps, warmup))
    values = seen.values[first:]
    change = np.diff(values) * (1 if declared == "up" else -1)
    near = 1e-6 * float(np.abs(seen.values).max(initial=0.0))
    wrong = np.flatnonzero(change < -near)
    if not len(wrong):
        return passed(f"{len(values)} steps")
    index = int(wrong[0])
    way = "rise" if declared == "up" else "fall"
    return failed(
        "schedule",
        expected=f"rates that only {way} after the warm-up",
        seen=f"{values[index]:.6g}, then {values[index + 1]:.6g}",
        where=f"step {int(steps[first + index + 1])} (counted from 0)",
        cause="The rate turns round where it should not.",
        certainty=0.5,
    )


def _falls(subject: ScheduleSubject) -> bool:
    reference = subject.reference
    if reference is None or reference.name not in FALLING:
        return False
    gamma = subject.trial.options.get("gamma", reference.options.get("gamma", 0.5))
    return bool(gamma is None or not isinstance(gamma, (int, float)) or gamma <= 1)
