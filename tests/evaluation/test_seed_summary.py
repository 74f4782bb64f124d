"""Oracles: numpy for mean and spread; the interval is tested with `t_interval`. Behaviour for the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from firstlight._errors import UsageError
from firstlight._metrics import t_interval
from firstlight.evaluation import summarise_seeds

ACCURACIES = [0.9741, 0.9755, 0.9752, 0.9748, 0.9739]


def test_it_is_numpys_mean_and_sample_spread() -> None:
    summary = summarise_seeds(ACCURACIES)
    assert summary.n == 5
    assert summary.mean == pytest.approx(np.mean(ACCURACIES), rel=1e-12)
    assert summary.sd == pytest.approx(np.std(ACCURACIES, ddof=1), rel=1e-9)
    assert (summary.min, summary.max) == (0.9739, 0.9755)
    assert summary.interval == t_interval(ACCURACIES)
    assert str(summary) == "97.47 % (sd 0.07, 5 seeds; mean in 97.38 to 97.56 %)"


def test_more_confidence_is_a_wider_interval_around_the_same_mean() -> None:
    narrow, wide = (summarise_seeds(ACCURACIES, confidence=share) for share in (0.5, 0.99))
    assert wide.interval.low < narrow.interval.low < narrow.mean < narrow.interval.high < wide.interval.high
    assert sum(wide.interval) == pytest.approx(2 * wide.mean)


def test_one_seed_has_no_spread() -> None:
    summary = summarise_seeds([0.975])
    assert (summary.mean, summary.min, summary.max) == (0.975, 0.975, 0.975)
    assert math.isnan(summary.sd)
    assert all(map(math.isnan, summary.interval))
    assert str(summary) == "97.50 % (1 seed)"


def test_unfinished_runs_and_no_runs_are_refused() -> None:
    with pytest.raises(UsageError, match=r"got \[0.9, nan\]. Leave unfinished runs out"):
        summarise_seeds([0.9, math.nan])
    with pytest.raises(UsageError, match="got 0 values"):
        summarise_seeds([])
