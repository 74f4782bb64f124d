"""One check for every number in a recipe."""

from __future__ import annotations

import math

from firstlight._errors import UsageError

__all__ = ["check_count", "check_number"]


def check_number(
    name: str,
    value: float,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    at_most: float = math.inf,
    below: float = math.inf,
) -> None:
    """Refuse what is not a finite number within the bounds.

    Raises
    ------
    UsageError
        Says the bounds and what we got.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and above < value < below and at_least <= value <= at_most:
        return
    bounds = [
        text
        for limit, text in [
            (above, f"above {above:g}"),
            (at_least, f"at least {at_least:g}"),
            (at_most, f"at most {at_most:g}"),
            (below, f"below {below:g}"),
        ]
        if math.isfinite(limit)
    ]
    raise UsageError(f"{name} is a number {' and '.join(bounds)}; got {value!r}.")


def check_count(name: str, value: int, *, at_least: int = 1) -> None:
    """Refuse what is not a whole number of at least that much.

    Raises
    ------
    UsageError
        Says the bound and what we got.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        raise UsageError(f"{name} is a whole number of at least {at_least}; got {value!r}.")
