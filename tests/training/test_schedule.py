"""Behaviour: rises, peaks at the end of the warm-up, falls, and wastes no step on zero."""

from __future__ import annotations

import pytest

from firstlight.training._schedule import triangle


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0.2), (10, 0.0), (10, 0.5), (937, 0.2)])
def test_rates_are_positive_peak_once_and_average_one_half(steps: int, warmup: float) -> None:
    rates = [triangle(step, steps, warmup) for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)
    peak = rates.index(max(rates))
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    if steps > 1:
        assert abs((peak + 0.5) / steps - warmup) <= 1 / steps
        assert sum(rates) / steps == pytest.approx(0.5, abs=0.02)
