"""Learning-rate schedules: plain functions of where we are."""

from __future__ import annotations

import math

from firstlight.recipes import Cosine, ScheduleSettings, Triangle

__all__ = ["rate_fraction", "triangle"]


def rate_fraction(schedule: ScheduleSettings, step: int, steps: int, *, epoch: int = 0) -> float:
    """Return the fraction of the highest rate for one step.

    Parameters
    ----------
    schedule
        A recipe's settings.
    step
        From 0 to ``steps - 1``. Straight lines and cosines are taken at the middle of each step, so that
        neither the first nor the last is wasted on a rate of zero.
    steps
        How many there are.
    epoch
        From 0; counts for `Exponential` only.

    Examples
    --------
    >>> from firstlight.recipes import Exponential
    >>> rate_fraction(Exponential(0.5), 7, 10, epoch=2)
    0.25
    """
    if isinstance(schedule, Triangle):
        return triangle(step, steps, schedule.warmup, start=schedule.start, end=schedule.end)
    if isinstance(schedule, Cosine):
        place = (step + 0.5) / steps
        if place < schedule.warmup:
            return place / schedule.warmup
        down = (place - schedule.warmup) / (1 - schedule.warmup)
        return schedule.end + (1 - schedule.end) * (1 + math.cos(math.pi * down)) / 2
    return float(schedule.decay**epoch)


def triangle(step: int, steps: int, warmup: float, *, start: float = 0.0, end: float = 0.0) -> float:
    """Return the fraction of the highest rate for one step: up in a straight line, then down in another.

    Parameters
    ----------
    step
        From 0 to ``steps - 1``.
    steps
        How many there are.
    warmup
        Fraction of the steps in which the rate rises, in [0, 1).
    start, end
        Fractions of the highest rate at the two ends.

    Examples
    --------
    >>> [triangle(step, 4, 0.5) for step in range(4)]
    [0.25, 0.75, 0.75, 0.25]
    """
    place = (step + 0.5) / steps
    if place < warmup:
        return start + (1 - start) * place / warmup
    return end + (1 - end) * (1 - place) / (1 - warmup)
