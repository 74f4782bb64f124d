"""A curve in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["sparkline"]

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], *, width: int = 40) -> str:
    """Draw finite values as bars of eight heights, from their lowest to their highest.

    Parameters
    ----------
    values
        More than ``width`` of them are averaged in equal stretches. Values that are not finite become blanks.

    Examples
    --------
    >>> sparkline([0.0, 1.0, 2.0, 7.0])
    '▁▂▃█'
    >>> sparkline([])
    ''
    """
    points = _averaged(values, min(width, len(values)))
    finite = [value for value in points if abs(value) < float("inf")]
    if not finite:
        return " " * len(points)
    low, span = min(finite), (max(finite) - min(finite)) or 1.0
    return "".join(
        BARS[round((value - low) / span * (len(BARS) - 1))] if abs(value) < float("inf") else " "
        for value in points
    )


def _averaged(values: Sequence[float], count: int) -> list[float]:
    edges = [len(values) * place // count for place in range(count + 1)] if count else []
    return [sum(values[start:end]) / (end - start) for start, end in pairwise(edges)]
