"""The table of a sweep. Kind: behaviour; the cells are worked out by hand."""

from __future__ import annotations

import math
from io import StringIO

from rich.console import Console

from firstlight._metrics import Interval
from firstlight.reports import sweep_table
from firstlight.training import SweepGroup

NAN = math.nan
FULL = SweepGroup(
    (("epochs", 2),), 20, 0, 0.97721, 0.00091, Interval(0.97679, 0.97764), 0.97549, 0.97891, 1.184
)
EMPTY = SweepGroup((("epochs", 9),), 0, 1, NAN, NAN, Interval(NAN, NAN), NAN, NAN, NAN)


def drawn(*groups: SweepGroup, title: str = "") -> list[list[str]]:
    text = StringIO()
    Console(file=text, width=120, color_system=None).print(sweep_table(groups, seeds=20, title=title))
    return [line.split() for line in text.getvalue().splitlines()]


def test_a_row_for_each_combination_in_percent() -> None:
    head, row = drawn(FULL)
    assert head == [
        "epochs",
        "runs",
        "mean",
        "%",
        "sd",
        "95",
        "%",
        "of",
        "the",
        "mean",
        "min",
        "max",
        "s",
        "a",
        "run",
    ]
    assert row == ["2", "20/20", "97.72", "0.09", "97.68", "to", "97.76", "97.55", "97.89", "1.18"]


def test_what_is_not_known_is_a_dash_and_failures_get_a_column() -> None:
    head, _, row = drawn(FULL, EMPTY)
    assert head[-1] == "failed"
    assert row == ["9", "0/20", "-", "-", "-", "-", "-", "-", "1"]


def test_a_title_stands_above() -> None:
    assert drawn(FULL, title="3 of 20 runs")[0] == ["3", "of", "20", "runs"]
