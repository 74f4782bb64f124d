"""Where an accuracy stands. Oracle for chances: scipy's Student's t; for rates: simulated runs; else behaviour."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from firstlight._errors import UnknownNameError, UsageError
from firstlight.evaluation import Band, Verdict, bands, standing, standings
from firstlight.evaluation._standing import _placed

SPREAD = Band("mnist", "toy", "A toy.", 60_000, 10_000, 20, 0.98, 0.001, 0.978, 0.982, (0.98,) * 5)
FIXED = Band("mnist", "sure", "A toy.", 60_000, 10_000, 1, 0.97, 0.0, 0.97, 0.97, (0.97,) * 5, is_fixed=True)


@pytest.mark.parametrize(
    ("accuracy", "verdict", "sentence"),
    [
        (
            0.9803,
            "within",
            "98.03 % is within the band of toy on 60,000 images of mnist. 20 runs gave 97.80 to 98.20 %",
        ),
        (
            0.9775,
            "below",
            "is below the band of toy .* one as low as this comes about once in 81. That is bad luck",
        ),
        (
            0.9825,
            "above",
            "is above the band of toy .* one as high as this comes about once in 81. That is good luck",
        ),
        (0.97, "far below", "far below .* less than once in 10,000. Something is probably wrong."),
        (0.99, "far above", "far above .* Look first for test images, or their labels, among"),
    ],
)
def test_a_band_with_spread(accuracy: float, verdict: Verdict, sentence: str) -> None:
    import re

    found = _placed(accuracy, SPREAD)
    assert found.verdict == verdict
    assert re.search(sentence, str(found)), str(found)
    scale = 0.001 * math.sqrt(1 + 1 / 20)
    assert found.chance == pytest.approx(stats.t.sf(abs(accuracy - 0.98) / scale, 19), abs=1e-12)


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [
        (0.97, "within"), (0.969, "within"), (0.971, "within"), (0.9689, "below"), (0.9711, "above"),
        (0.961, "below"), (0.9599, "far below"), (0.9801, "far above"),
    ],
)  # fmt: skip
def test_a_fixed_band(accuracy: float, verdict: Verdict) -> None:
    found = _placed(accuracy, FIXED)
    assert (found.verdict, found.chance) == (verdict, None)
    assert "It draws nothing: every right program with its settings gets 97.00 %." in str(found)


def test_right_runs_are_called_so_as_often_as_is_promised() -> None:
    """19 of 20 new runs are within, whatever few runs the band was made of."""
    draw = np.random.default_rng(0)
    verdicts: Counter[str] = Counter()
    for _ in range(4000):
        runs = draw.normal(0.97, 0.002, size=5)
        known = Band("mnist", "toy", "", 1000, 10_000, 5, runs.mean(), runs.std(ddof=1))
        verdicts[_placed(float(draw.normal(0.97, 0.002)), known).verdict] += 1
    assert verdicts["within"] / 4000 == pytest.approx(0.95, abs=0.012)
    assert verdicts["far below"] + verdicts["far above"] <= 12


def test_an_interpolated_band_says_so() -> None:
    found = standing("knn", 0.95, train_size=9000)
    assert found.band.is_interpolated
    assert "Between sizes that were measured (interpolated), and 19 of 20 new ones give" in str(found)


def test_a_measured_mean_is_within_its_own_band() -> None:
    for known in bands():
        found = standing(known.algorithm, known.mean, train_size=known.train_size, dataset=known.dataset)
        assert found.verdict == "within"


def test_all_algorithms_at_once_the_least_accurate_first() -> None:
    found = standings(0.9, train_size=1000)
    means = [one.band.mean for one in found]
    assert means == sorted(means)
    assert {one.band.train_size for one in found} == {1000}
    assert {"linear", "knn", "mlp"} <= {one.band.algorithm for one in found}
    assert found[0].verdict == "far above"
    assert found[-1].verdict.endswith("below")


@pytest.mark.parametrize("accuracy", [-0.1, 1.01, 97.0, math.nan])
def test_an_accuracy_is_a_fraction(accuracy: float) -> None:
    with pytest.raises(UsageError, match=r"a fraction from 0 to 1, so 97 % is 0\.97; got"):
        standing("knn", accuracy)
    with pytest.raises(UsageError, match=r"a fraction from 0 to 1"):
        standings(accuracy)


def test_what_was_not_measured_is_told() -> None:
    with pytest.raises(UnknownNameError, match="no algorithm with a band 'knm'"):
        standing("knm", 0.9)
    with pytest.raises(
        UsageError, match="Bands were measured on 1,000 to 60,000 images; got train_size 70000"
    ):
        standings(0.9, train_size=70_000)
