"""Oracle: torch's schedulers at the middle of each step; behaviour: rise, peak at the end of the warm-up, fall."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, LRScheduler

from firstlight.recipes import Cosine, Exponential, Triangle
from firstlight.training._schedule import rate_fraction, triangle

STEPS = 20


def torchs(make: Callable[[torch.optim.Optimizer], LRScheduler], count: int) -> list[float]:
    """The rates that a scheduler of torch's gives for ``count`` steps, from a highest rate of one."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


def middles(rates: list[float]) -> list[float]:
    """Of rates at every half step, those in the middle of a step."""
    return rates[1::2]


def test_a_triangle_is_two_of_torchs_lines() -> None:
    schedule = Triangle(warmup=0.3, start=0.2, end=0.07)
    up = torchs(lambda it: LinearLR(it, 0.2, 1.0, total_iters=12), 12)
    down = torchs(lambda it: LinearLR(it, 1.0, 0.07, total_iters=28), 28)
    ours = [rate_fraction(schedule, step, STEPS) for step in range(STEPS)]
    assert ours == pytest.approx(middles(up) + middles(down))


def test_a_cosine_is_torchs_after_a_line() -> None:
    schedule = Cosine(warmup=0.2, end=0.05)
    up = [(step + 0.5) / 4 for step in range(4)]
    down = torchs(lambda it: CosineAnnealingLR(it, T_max=32, eta_min=0.05), 32)
    ours = [rate_fraction(schedule, step, STEPS) for step in range(STEPS)]
    assert ours == pytest.approx(up + middles(down))


def test_a_cosine_without_warmup_begins_at_the_top() -> None:
    down = torchs(lambda it: CosineAnnealingLR(it, T_max=2 * STEPS), 2 * STEPS)
    ours = [rate_fraction(Cosine(warmup=0.0), step, STEPS) for step in range(STEPS)]
    assert ours == pytest.approx(middles(down))
    assert ours[0] > 0.99


def test_exponential_decay_is_torchs_by_epoch() -> None:
    epochs = torchs(lambda it: ExponentialLR(it, gamma=0.98), 10)
    ours = [rate_fraction(Exponential(0.98), step, STEPS, epoch=step // 2) for step in range(STEPS)]
    assert ours[::2] == pytest.approx(epochs)
    assert ours[1::2] == ours[::2], "the rate is constant within an epoch"


def test_exponential_without_decay_is_constant() -> None:
    assert {rate_fraction(Exponential(), step, STEPS, epoch=step) for step in range(STEPS)} == {1.0}


@pytest.mark.parametrize("schedule", [Triangle(warmup=0.3, end=0.1), Cosine(warmup=0.3, end=0.1)])
@pytest.mark.parametrize("steps", [1, 7, 937])
def test_the_end_is_approached_and_never_passed(schedule: Triangle | Cosine, steps: int) -> None:
    rates = [rate_fraction(schedule, step, steps) for step in range(steps)]
    falling = rates[rates.index(max(rates)) :]
    assert all(0.1 < rate <= 1 for rate in falling)
    assert rates[-1] == pytest.approx(0.1, abs=1.0 / steps)


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
