"""C3: the warm-up rises, and the highest rate comes at its end."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.schedules._matching import match
from firstlight.checks.schedules._subject import ScheduleSubject

__all__ = ["fits", "warmup_end"]


def fits(subject: ScheduleSubject) -> bool:
    """Whether the closed form holds at the setting that was asked for."""
    if subject.reference is None:
        return False
    found = match(subject, subject.trial)
    return found.is_right and not found.unknown


@check_of("C3", "peak at the end of the warm-up", families=("schedule",))
def warmup_end(subject: ScheduleSubject) -> Outcome:
    """Ask that rates do not fall before step n - 1, that the top is near n, and that it is the full rate."""
    n = _length(subject)
    if n is None or n < 2:
        return skipped("no warm-up of known length")
    if fits(subject):
        return passed(f"as the closed form; {n} steps of warm-up")
    horizon = subject.horizon(subject.trial.options)
    steps, seen = subject.seen(extra=max(n + 4 - horizon, 0))
    if steps[-1] < n + 1:
        return skipped("it ends before its warm-up does")
    late = len(subject.form.offsets) - 1  # its first rate may be seen before or after its first step
    at = dict(zip(steps.tolist(), seen.values[late:].tolist(), strict=False))
    known = [step for step in range(n - late) if step in at]
    rising = [at[step] for step in known]
    falls = np.flatnonzero(np.diff(rising) < -1e-6 * max(rising))
    if len(falls):
        step = int(falls[0]) + 1
        return failed(
            "schedule",
            expected=f"rates that rise for {n} steps",
            seen=f"{rising[step - 1]:.6g}, then {rising[step]:.6g}",
            where=f"step {known[step]} (counted from 0), in the warm-up",
            cause="The rate falls during the warm-up: the decay goes on meanwhile, or the warm-up ends "
            "too early.",
            certainty=0.6,
        )
    if late or any(step not in at for step in range(max(n - 3, 0), n + 4)):
        return _top(subject, n, at)
    return _goes_on(n, at) or _leaps(n, at) or _overshoots(subject, n, at) or _top(subject, n, at)


def _goes_on(n: int, at: dict[int, float]) -> Outcome | None:
    """The rate rises after the end of the warm-up as it did before."""
    around = np.diff([at[step] for step in range(max(n - 3, 0), n + 4)])
    if around.min() <= 0 or np.ptp(around) > 1e-6 * around.max():
        return None
    return failed(
        "schedule",
        expected=f"a warm-up that ends at step {n}",
        seen=f"the rate goes on rising, by {around[0]:.4g} a step",
        where=f"step {n} (counted from 0), the end of the warm-up",
        cause="The warm-up is too long: it is counted in another unit, or another length is used.",
        certainty=0.6,
    )


def _leaps(n: int, at: dict[int, float]) -> Outcome | None:
    """The rate rises in small steps, then leaps: the warm-up ends below the full rate."""
    rises = np.diff([at[step] for step in range(max(n - 3, 0), n)])
    leap, peak = max(at[n] - at[n - 1], at[n + 1] - at[n]), max(at.values())
    if not len(rises) or rises.min() <= 0 or leap <= 0.2 * peak or leap <= 4 * rises.max():
        return None
    return failed(
        "schedule",
        expected=f"a warm-up that ends at the full rate, {peak:.6g}",
        seen=f"{at[n - 1]:.6g}, then {at[n]:.6g}",
        where=f"step {n} (counted from 0), the end of the warm-up",
        cause="The warm-up ends far below the rate that follows: the rate jumps at the end of the warm-up.",
        certainty=0.6,
    )


def _overshoots(subject: ScheduleSubject, n: int, at: dict[int, float]) -> Outcome | None:
    """The highest rate is (n + 1) / n times the full one: the warm-up has one step too many."""
    base = subject.trial.options.get("base_lr")
    if not isinstance(base, (int, float)) or abs(max(at.values()) - base * (n + 1) / n) > 1e-9 * base:
        return None
    return failed(
        "schedule",
        expected=f"{base:.6g} at the most",
        seen=f"{max(at.values()):.6g}, {n + 1} / {n} times as much",
        where=f"step {n} (counted from 0), the end of the warm-up",
        cause="The warm-up has one step too many: its last rate is above the full one.",
        certainty=0.8,
    )


def _length(subject: ScheduleSubject) -> int | None:
    warmup = subject.trial.options.get("warmup")
    name = subject.names.of.get("warmup", "")
    is_epochs = "epoch" in name and not subject.names.per_epoch
    if is_epochs and "epoch" not in (subject.form.step_name or "epoch"):
        return None  # nobody says how many steps an epoch has
    return int(warmup) if isinstance(warmup, (int, float)) else None


def _top(subject: ScheduleSubject, n: int, at: dict[int, float]) -> Outcome:
    """The top is at the end of the warm-up, and as high as the full rate."""
    peak = max(at.values())
    top = min(step for step, value in at.items() if value >= peak * (1 - 1e-6))
    base = subject.trial.options.get("base_lr")
    where = f"step {n} (counted from 0), the end of the warm-up"
    if top > n + 1:
        return warned(f"the highest rate comes at step {top}, the warm-up ends at {n}", where=where)
    if top < n - 2 - len(subject.form.offsets):
        return failed(
            "schedule",
            expected=f"a warm-up of {n} steps",
            seen=f"the full rate at step {top}",
            where=f"step {top} (counted from 0)",
            cause="The warm-up is over too early: it is counted in another unit, or its length is not used.",
            certainty=0.6,
        )
    if not isinstance(base, (int, float)) or n + 2 not in at:
        return passed(f"the highest rate, {peak:.6g}, at step {top} of a warm-up of {n}")
    near = 3 * max(abs(at[n + 1] - at[n + 2]), abs(at[n] - at[n + 1])) + 1e-3 * base
    if top >= n - 1 and peak < base - near:
        return failed(
            "schedule",
            expected=f"the full rate, {base:.6g}",
            seen=f"{peak:.6g} at the most",
            where=where,
            cause="The full rate is never reached: the decay goes on during the warm-up, so that at its end "
            "the rate is already lower.",
            hint="Let the decay begin after the warm-up: progress = (step - warmup) / (total - warmup).",
            certainty=0.7,
        )
    return passed(f"the highest rate, {peak:.6g}, at step {top} of a warm-up of {n}")
