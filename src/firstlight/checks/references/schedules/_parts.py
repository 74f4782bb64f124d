"""The two parts that many schedules are made of: a linear warm-up and a decay over the remaining steps."""

from __future__ import annotations

from types import SimpleNamespace

from firstlight.checks.references.schedules._schedule import ScheduleDialect

__all__ = [
    "FLOOR_DIALECTS",
    "LAST_STEP",
    "PROGRESS",
    "PROGRESS_DIALECTS",
    "WARM",
    "WARM_DIALECTS",
    "floored",
    "progress",
    "warming",
]

WARM = {"warm_from": "zero"}
WARM_DIALECTS = (
    ScheduleDialect("warm-up", "warm-up from 1/n, full rate in its last step", {"warm_from": "one"}),
    ScheduleDialect("warm-up", "warm-up from 1/(n + 1)", {"warm_from": "between"}),
    ScheduleDialect("warm-up", "warm-up with its full rate in its last step", {"warm_from": "last"}),
)


def warming(t: int, o: SimpleNamespace) -> float | None:
    """Return the rate of a linear warm-up from ``start_lr`` to ``base_lr``, ``None`` once it is over."""
    n = o.warmup
    if t >= n:
        return None
    part = {
        "zero": t / n,
        "one": (t + 1) / n,
        "between": (t + 1) / (n + 1),
        "last": t / max(n - 1, 1),
    }[o.warm_from]
    return float(o.start_lr + (o.base_lr - o.start_lr) * part)


PROGRESS = {"last_step": "total", "total_is": "all", "decay_from": 0, "through": False}
LAST_STEP = ScheduleDialect("last step", "the lowest rate in the last step", {"last_step": "total - 1"})
PROGRESS_DIALECTS = (
    LAST_STEP,
    ScheduleDialect("last step", "the decay begins right after the warm-up", {"decay_from": 1}),
    ScheduleDialect("total", "the total does not count the warm-up", {"total_is": "after warm-up"}),
)


def progress(t: int, o: SimpleNamespace) -> float:
    """Return which part of the steps after the warm-up is over, 0 to 1."""
    if o.through:
        return float(min(t / max(o.total, 1), 1.0))
    length = o.total if o.total_is == "after warm-up" else o.total - o.warmup
    length -= 1 if o.last_step == "total - 1" else 0
    done = t - o.warmup + o.decay_from
    return float(min(max(done / length, 0.0), 1.0)) if length > 0 else 1.0


FLOOR_DIALECTS = (
    ScheduleDialect("floor", "the lowest rate is a bound, not the end", {"floor": "bound"}),
    ScheduleDialect("floor", "the lowest rate is given as a part of the highest", {"floor": "part"}),
)


def floored(part: float, o: SimpleNamespace) -> float:
    """Return the rate at ``part`` (1 to 0) of the way from ``min_lr`` up to ``base_lr``."""
    if o.floor == "after":  # what comes after the decay sees to it
        return float(o.base_lr * part)
    if o.floor == "bound":
        return float(max(o.min_lr, o.base_lr * part))
    lowest = o.min_lr * o.base_lr if o.floor == "part" else o.min_lr
    if o.floor == "added":
        return float(lowest + o.base_lr * part)
    return float(lowest + (o.base_lr - lowest) * part)
