"""The statistics of experiments, held against scipy's and against simulations (oracle)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from firstlight.checks._statistics import (
    binomial_band,
    chi_square_tail,
    detectable_drop,
    non_inferior,
    until_sure,
)


def test_band_leaves_out_what_it_says() -> None:
    low, high = binomial_band(2000, 0.1, alpha=1e-3)
    outside = stats.binom.cdf(low - 1, 2000, 0.1) + stats.binom.sf(high, 2000, 0.1)
    assert 0 < outside < 1e-3


def test_chi_square_is_scipys() -> None:
    seen, expected = [12, 8, 30, 50], [10, 10, 30, 50]
    assert chi_square_tail(seen, expected) == pytest.approx(stats.chisquare(seen, expected).pvalue)


def test_lower_bound_is_that_of_a_t_test() -> None:
    differences = [0.01, -0.02, 0.0, 0.015, -0.01]
    found = non_inferior(differences, margin=0.05, alpha=0.01)
    interval = stats.ttest_1samp(differences, 0).confidence_interval(confidence_level=0.98)
    assert (found.lowest, found.highest) == pytest.approx((interval.low, interval.high))


def test_verdicts() -> None:
    close = [0.001, -0.002, 0.0, 0.001]
    assert non_inferior(close, margin=0.03).verdict == "fine"
    assert non_inferior([value - 0.1 for value in close], margin=0.03).verdict == "worse"
    assert non_inferior([0.1, -0.2, 0.0], margin=0.03).verdict == "open"


def test_detectable_drop_is_detected_as_often_as_it_says() -> None:
    random, sd, pairs = np.random.default_rng(0), 0.01, 6
    drop = detectable_drop(sd, pairs, alpha=0.01, power=0.9)
    draws = random.normal(-drop, sd, (4000, pairs))
    found = draws.mean(1) / (draws.std(1, ddof=1) / pairs**0.5) < stats.t.ppf(0.01, pairs - 1)
    assert found.mean() == pytest.approx(0.9, abs=0.03)


def test_stops_when_it_is_sure() -> None:
    asked: list[int] = []

    def pair(number: int) -> float:
        asked.append(number)
        return -0.2 + 0.001 * (number % 2)

    found = until_sure(pair, margin=0.03, least=3, most=8)
    assert (found.verdict, asked) == ("worse", [0, 1, 2])
    assert "95% power" in found.sentence
    assert found.fields()["pairs"] == 3


def test_says_open_after_the_last_pair() -> None:
    random = np.random.default_rng(1)
    assert until_sure(lambda _: float(random.normal(-0.03, 0.05)), margin=0.03, most=5).verdict == "open"
