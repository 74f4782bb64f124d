"""A sweep as a table: a row for each combination of settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from firstlight.training import SweepGroup

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["sweep_table"]


def sweep_table(groups: Sequence[SweepGroup], *, seeds: int, title: str = "") -> Table:
    """Return the table of a sweep: runs, mean, spread, interval, worst and best, in percent.

    Parameters
    ----------
    groups
        In the order of the rows.
    seeds
        Runs that each group shall have.
    title
        A line above.
    """
    from rich.table import Table

    table = Table(
        title=title or None, title_justify="left", title_style="", box=None, pad_edge=False,
        header_style="bold",
    )  # fmt: skip
    names = [name for name, _ in groups[0].settings]
    has_failures = any(group.failed for group in groups)
    heads = [*names, "runs", "mean %", "sd", "95 % of the mean", "min", "max", "s a run"]
    for head in [*heads, *(["failed"] if has_failures else [])]:
        table.add_column(head, justify="right", no_wrap=True)
    for group in groups:
        cells = [*(str(value) for _, value in group.settings), f"{group.n}/{seeds}", *_numbers(group)]
        table.add_row(*cells, *([str(group.failed)] if has_failures else []))
    return table


def _numbers(group: SweepGroup) -> list[str]:
    low, high = group.interval
    return [
        _percent(group.mean),
        _percent(group.sd),
        f"{_percent(low)} to {_percent(high)}" if math.isfinite(low) else "-",
        _percent(group.min),
        _percent(group.max),
        f"{group.train_seconds_mean:.2f}" if math.isfinite(group.train_seconds_mean) else "-",
    ]


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}" if math.isfinite(fraction) else "-"
