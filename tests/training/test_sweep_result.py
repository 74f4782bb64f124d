"""Groups of a sweep against Python's statistics module and scipy's t distribution. Kind: oracle."""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import pytest
from scipy.stats import t as student

from firstlight.recipes import find_recipe
from firstlight.training import (
    SweepFailure,
    SweepPlan,
    SweepResult,
    SweepRun,
    SweepTask,
    SweepWorkers,
    sweep_groups,
)

GRID = (("epochs", (1, 2, 3)),)
PLAN = SweepPlan(find_recipe("mlp-fast"), "mnist", "0" * 64, GRID, range(4))
SCORES = {1: [0.971, 0.974, 0.9725, 0.9733], 2: [0.981], 3: []}


def task(epochs: int, seed: int) -> SweepTask:
    return SweepTask((("epochs", epochs),), seed)


RUNS = [
    SweepRun(task(epochs, seed), Path(f"{epochs}-{seed}"), score, 2.0 + seed)
    for epochs, scores in SCORES.items()
    for seed, score in enumerate(scores)
]
FAILURES = [SweepFailure(task(3, 0), "ValueError: no"), SweepFailure(task(2, 1), "ValueError: no")]


def test_each_combination_has_its_mean_spread_and_interval() -> None:
    groups = {dict(group.settings)["epochs"]: group for group in sweep_groups(PLAN, RUNS, FAILURES)}
    many, scores = groups[1], SCORES[1]
    assert (many.n, many.failed) == (4, 0)
    assert many.mean == pytest.approx(statistics.fmean(scores), abs=1e-15)
    assert many.sd == pytest.approx(statistics.stdev(scores), abs=1e-15)
    reach = student.ppf(0.975, 3) * statistics.stdev(scores) / 2
    assert many.interval == pytest.approx((many.mean - reach, many.mean + reach), abs=1e-12)
    assert (many.min, many.max) == (0.971, 0.974)
    assert many.train_seconds_mean == 3.5
    one, none = groups[2], groups[3]
    assert (one.n, one.failed, one.mean, one.min, one.max) == (1, 1, 0.981, 0.981, 0.981)
    assert math.isnan(one.sd)
    assert (none.n, none.failed) == (0, 1)
    assert all(map(math.isnan, (none.mean, none.sd, none.min, none.max, *none.interval)))


def test_the_best_mean_is_first_and_what_has_no_run_is_last() -> None:
    assert [dict(group.settings)["epochs"] for group in sweep_groups(PLAN, RUNS, FAILURES)] == [2, 1, 3]


def test_a_result_counts_what_is_missing_and_turns_into_json() -> None:
    workers = SweepWorkers("loky", 2, 1, "2 cores")
    result = SweepResult(PLAN, Path("here"), workers, tuple(RUNS), tuple(FAILURES), 1.5)
    assert result.missing == 12 - 5 - 2
    fields = result.to_json()
    assert fields["measured"] == "validation_accuracy"
    assert fields["runs"][0] == {
        "seed": 0, "settings": {"epochs": 1}, "validation_accuracy": 0.971, "train_seconds": 2.0,
        "run_dir": "1-0",
    }  # fmt: skip
    assert fields["groups"][2] == {
        "settings": {"epochs": 3}, "n": 0, "mean": None, "sd": None, "interval": [None, None], "min": None,
        "max": None, "train_seconds_mean": None, "failed": 1,
    }  # fmt: skip
    assert (fields["workers_reason"], fields["seconds"], fields["missing"]) == ("2 cores", 1.5, 5)
    assert "5 runs, 2 failed, 5 missing; validation_accuracy 98.10 %" in repr(result)
