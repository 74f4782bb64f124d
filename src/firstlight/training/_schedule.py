"""Learning-rate schedules: plain functions of where we are."""

from __future__ import annotations

__all__ = ["triangle"]


def triangle(step: int, steps: int, warmup: float) -> float:
    """Return the fraction of the highest rate for one step: up in a straight line, then down to zero.

    Taken at the middle of each step, so that neither the first nor the last is wasted on a rate of zero.

    Parameters
    ----------
    step
        From 0 to ``steps - 1``.
    steps
        How many there are.
    warmup
        Fraction of the steps in which the rate rises, in [0, 1).

    Examples
    --------
    >>> [triangle(step, 4, 0.5) for step in range(4)]
    [0.25, 0.75, 0.75, 0.25]
    """
    place = (step + 0.5) / steps
    return place / warmup if place < warmup else (1 - place) / (1 - warmup)
