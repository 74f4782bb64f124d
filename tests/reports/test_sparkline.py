"""Behaviour: lowest is lowest, highest is highest, and nothing breaks it."""

from __future__ import annotations

import math

import pytest

from firstlight.reports._sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5.0], "▁"),
        ([1.0, 1.0], "▁▁"),
        ([0.0, 7.0], "▁█"),
        ([7.0, 0.0, 7.0], "█▁█"),
        ([0.0, math.nan, 7.0, math.inf], "▁ █ "),
        ([math.nan], " "),
    ],
)
def test_small_cases(values: list[float], drawn: str) -> None:
    assert sparkline(values) == drawn


def test_long_curves_are_averaged() -> None:
    assert sparkline([0.0] * 50 + [1.0] * 50, width=4) == "▁▁██"
    assert len(sparkline(list(range(1001)), width=40)) == 40
