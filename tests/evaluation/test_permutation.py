"""Oracle: scipy.stats.permutation_test, exact and drawn. Behaviour: errors of both kinds at the promised rates."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from firstlight._errors import UsageError
from firstlight._metrics import t_interval
from firstlight.evaluation import compare_seeds
from firstlight.evaluation._permutation import AT_ONCE


def accuracies(count: int, *, gain: float = 0.0, seed: int = 0) -> tuple[list[float], list[float]]:
    """Two recipes on 10,000 images, in whole images, so that sums tie as they do in truth."""
    random = np.random.default_rng([seed, count])
    first, second = 9900 + random.normal(0, 8, (2, count)).round()
    return ((first + gain).round() / 10_000).tolist(), (second / 10_000).tolist()


def oracle(first: list[float], second: list[float], **options: object) -> float:
    """Scipy counts whole images: it would miss a tie of fractions by rounding."""

    def statistic(one: np.ndarray, two: np.ndarray, axis: int) -> np.ndarray:
        return np.sum(one, axis) - np.sum(two, axis)

    images = [(10_000 * np.array(values)).round().astype(np.int64) for values in (first, second)]
    result = stats.permutation_test(images, statistic, permutation_type="samples", vectorized=True, **options)
    return float(result.pvalue)


@pytest.mark.parametrize("count", [2, 3, 5, 8, 12])
@pytest.mark.parametrize("gain", [0, 5, 20])
def test_the_exact_p_value_is_scipys(count: int, gain: float) -> None:
    first, second = accuracies(count, gain=gain)
    result = compare_seeds(first, second)
    assert result.exact
    assert result.p_value == pytest.approx(oracle(first, second, n_resamples=np.inf), rel=1e-9)


def test_twenty_pairs_are_counted_and_twenty_one_are_drawn() -> None:
    first, second = accuracies(21, gain=4)
    counted = compare_seeds(first[:20], second[:20])
    drawn = compare_seeds([*first[:20], 0.99], [*second[:20], 0.99])  # equal pairs add nothing
    assert counted.exact
    assert not drawn.exact
    spread = math.sqrt(counted.p_value * (1 - counted.p_value) / 100_000)
    assert 0 < abs(drawn.p_value - counted.p_value) < 4 * spread


def test_drawing_repeats_with_its_seed_and_is_never_zero() -> None:
    first, second = accuracies(40, gain=100)
    odd = 2 * AT_ONCE + 7  # the last stretch is a short one
    results = [compare_seeds(first, second, seed=seed, draws=odd) for seed in (1, 1, 2)]
    assert results[0] == results[1]
    assert results[0].p_value == results[0].smallest_p == 1 / (odd + 1)
    close = accuracies(40, gain=3)
    assert len({compare_seeds(*close, seed=seed, draws=odd).p_value for seed in range(5)}) > 1


def test_difference_interval_and_symmetry() -> None:
    first, second = accuracies(9, gain=6)
    result, reverse = compare_seeds(first, second), compare_seeds(second, first)
    assert result.n == 9
    assert result.difference == pytest.approx(np.mean(first) - np.mean(second))
    assert result.interval == t_interval([one - two for one, two in zip(first, second, strict=True)])
    assert reverse.difference == -result.difference
    assert reverse.p_value == result.p_value


def test_few_seeds_can_show_little() -> None:
    first, second = [0.99] * 5, [0.90] * 5
    assert compare_seeds(first, second).p_value == compare_seeds(first, second).smallest_p == 1 / 16
    assert compare_seeds([0.99], [0.90]).p_value == 1.0
    assert compare_seeds(first, first).p_value == 1.0


def test_a_lucky_pattern_is_as_rare_as_the_p_value_says() -> None:
    drawn = [compare_seeds(*accuracies(10, seed=seed)).p_value for seed in range(400)]
    share = sum(p <= 0.05 for p in drawn) / len(drawn)
    assert share < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
    better = [compare_seeds(*accuracies(10, gain=15, seed=seed)).p_value for seed in range(100)]
    assert sum(p <= 0.05 for p in better) > 90


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        ([], [], {}, "got 0 and 0 accuracies"),
        ([0.9], [0.9, 0.8], {}, "got 1 and 2 accuracies"),
        ([0.9, math.nan], [0.9, 0.8], {}, "finite numbers"),
        ([0.9], [0.8], {"draws": 0}, "got draws=0"),
    ],
)
def test_what_makes_no_pairs_is_refused(
    first: list[float], second: list[float], options: dict[str, int], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        compare_seeds(first, second, **options)
