"""By behaviour, in simulated time: checkpoints come often enough, and never cost more than 2 % of the training."""

from __future__ import annotations

from itertools import pairwise

import pytest

from firstlight.training._keeper import CHECKPOINT_SECONDS, is_due


def simulated(
    *, train: float, step: float, epoch_steps: int, cost: float, seconds: float = CHECKPOINT_SECONDS
) -> list[float]:
    """Return after how many seconds of training each checkpoint of a run is written."""
    times: list[float] = []
    last = 0.0
    for number in range(1, round(train / step) + 1):
        now = number * step
        if is_due(now - last, ends_epoch=number % epoch_steps == 0, seconds=seconds, cost=cost):
            times.append(now)
            last = now
    return times


@pytest.mark.parametrize("cost", [0.005, 0.05, 0.5, 3.0])
@pytest.mark.parametrize("epoch_steps", [10, 157, 3000])
def test_they_cost_at_most_two_percent(cost: float, epoch_steps: int) -> None:
    times = simulated(train=600, step=0.1, epoch_steps=epoch_steps, cost=cost)
    assert len(times) * cost <= 0.02 * 600
    assert times, "else a run of ten minutes would be lost"


@pytest.mark.parametrize("epoch_steps", [157, 3000])
def test_they_are_at_most_half_a_minute_apart(epoch_steps: int) -> None:
    times = [0.0, *simulated(train=600, step=0.1, epoch_steps=epoch_steps, cost=0.05)]
    assert max(later - earlier for earlier, later in pairwise(times)) < CHECKPOINT_SECONDS + 0.2


def test_an_epochs_end_is_a_good_time() -> None:
    times = simulated(train=100, step=0.1, epoch_steps=100, cost=0.05)
    assert times == pytest.approx([10.0 * number for number in range(1, 11)])


def test_a_training_of_two_seconds_writes_none() -> None:
    assert simulated(train=1.8, step=0.01, epoch_steps=157, cost=0.04) == []


def test_zero_seconds_write_one_at_every_step_whatever_it_costs() -> None:
    assert len(simulated(train=1, step=0.1, epoch_steps=3, cost=9, seconds=0)) == 10
