"""How bands are measured and kept. Kind: behaviour, on small parts of real MNIST."""

from __future__ import annotations

import importlib
import json
import math
import statistics
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firstlight import ImageDataset, load
from firstlight.evaluation import Band

sys.path.append(str(Path(__file__).parents[2]))  # from where `python -m benchmarks.bands` is called
script = importlib.import_module("benchmarks.bands")
Job, Result = script.Job, script.Result
band, is_repetition, measure, plan = script.band, script.is_repetition, script.measure, script.plan
read, run_all, write = script.read, script.run_all, script.write


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Instead of measuring, count what would be."""
    seen: list[Any] = []

    def pretend(job: Any, images: ImageDataset, test: ImageDataset) -> Any:
        seen.append(job)
        return Result(0.9 + job.seed / 1000, 1.0, 0.5, 1.2)

    monkeypatch.setattr(script, "measure", pretend)
    return seen


def run(path: Path, *, algorithms: list[str], sizes: list[int], seeds: int, until: float = math.inf) -> None:
    run_all(plan(["mnist"], algorithms, sizes, seeds), path, until=until, say=lambda text: None)


def test_what_is_there_is_not_measured_again(counted: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "bands.jsonl"
    run(path, algorithms=["linear"], sizes=[100], seeds=2)
    run(path, algorithms=["linear", "mlp"], sizes=[100], seeds=3)
    assert len(counted) == len(set(counted)) == 6
    assert [line["seed"] for line in read(path) if line["algorithm"] == "linear"] == [0, 1, 2]


def test_a_line_that_a_kill_cut_off_is_measured_again(counted: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "bands.jsonl"
    run(path, algorithms=["linear"], sizes=[100], seeds=2)
    path.write_text(path.read_text()[:-20])
    run(path, algorithms=["linear"], sizes=[100], seeds=3)
    assert [job.seed for job in counted] == [0, 1, 1, 2]
    assert [line["seed"] for line in read(path)] == [0, 1, 2]


def test_nothing_new_is_begun_when_the_time_is_up(counted: list[Any], tmp_path: Path) -> None:
    run(tmp_path / "bands.jsonl", algorithms=["linear"], sizes=[100], seeds=2, until=0.0)
    assert counted == []


def test_what_draws_nothing_runs_once_on_all_images(counted: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "bands.jsonl"
    run(path, algorithms=["knn", "random-forest", "mlp", "mlp-100"], sizes=[60000], seeds=3)
    assert [job.algorithm for job in counted].count("knn") == 1
    assert len(counted) == 10
    assert not is_repetition(Job("mnist", "knn", 1000, 5), 60000)


def test_a_seed_draws_the_images() -> None:
    images, test = load("mnist")[0][:2000], load("mnist")[1][:500]
    one, again, other = (measure(Job("mnist", "knn", 500, seed), images, test).accuracy for seed in (1, 1, 2))
    assert one == again != other
    assert 0.75 < one < 0.95


@pytest.mark.parametrize("algorithm", ["mlp", "mlp-100"])
def test_networks_take_their_steps_on_few_images_too(algorithm: str) -> None:
    images, test = load("mnist")[0][:3000], load("mnist")[1][:500]
    result = measure(Job("mnist", algorithm, 300, 0), images, test)
    assert result.accuracy > 0.7
    assert result.cpu_seconds > 0


def test_a_band_summarises_its_runs(tmp_path: Path) -> None:
    accuracies = [0.91, 0.93, 0.92, 0.95]
    runs: list[dict[str, Any]] = [
        {"accuracy": value, "train_seconds": 3.0, "test_seconds": 1.0, "cpu_seconds": 2.0}
        for value in accuracies
    ]
    made = Band(**band("mnist", "linear", 1000, runs, 60000))
    assert (made.mean, made.sd) == pytest.approx((0.9275, statistics.stdev(accuracies)), abs=1e-6)
    assert (made.min, made.max, made.seeds, made.is_fixed, made.cpu_seconds) == (0.91, 0.95, 4, False, 2.0)
    assert made.quantiles == pytest.approx(list(np.quantile(accuracies, [0.01, 0.05, 0.5, 0.95, 0.99])))
    assert band("mnist", "linear", 60000, runs[:1], 60000)["is_fixed"] is True


def test_the_shipped_file_has_enough_runs_of_each(counted: list[Any], tmp_path: Path) -> None:
    path, shipped = tmp_path / "bands.jsonl", tmp_path / "bands.json"
    run(path, algorithms=["linear", "mlp"], sizes=[1000, 60000], seeds=3)
    run(path, algorithms=["random-forest"], sizes=[1000], seeds=2)  # too few
    known = json.loads(write(read(path), shipped).read_text())
    assert known["schema"] == 1
    assert {(one["algorithm"], one["train_size"], one["seeds"]) for one in known["bands"]} == {
        ("linear", 1000, 3), ("linear", 60000, 1), ("mlp", 1000, 3), ("mlp", 60000, 3),
    }  # fmt: skip
    assert {"machine", "versions", "dates", "threads"} <= set(known)
