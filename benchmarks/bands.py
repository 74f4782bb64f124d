"""The test accuracy of standard algorithms over many seeds and training sets: what `firstlight bands` knows.

A seed draws the stratified training images from all there are (60,000 of 60,000 are always the same) and is
the seed of the algorithm. Each result is looked at once, on the whole test set; nothing is chosen by it.
Networks take as many steps on few images as on all.

Every finished measurement is appended to a file at once and never made again, so kill this at any time:
``python -m benchmarks.bands --only linear,knn --sizes 1000,4000 --seeds 20 --hours 1``. Then
``python -m benchmarks.bands --write`` makes ``evaluation/bands.json`` of what is there.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import firstlight as fl
from benchmarks._measure import RESULTS
from firstlight._machine import machine_facts
from firstlight.recipes import EstimatorRecipe, adjusted, find_recipe

MEASUREMENTS = RESULTS / "bands.jsonl"
SHIPPED = Path(__file__).parents[1] / "src/firstlight/evaluation/bands.json"
SIZES = (1000, 4000, 16000, 60000)
CHEAP = ("linear", "knn", "decision-tree", "random-forest", "extra-trees", "svm", "mlp-100", "mlp")
QUANTILES = (0.01, 0.05, 0.5, 0.95, 0.99)
LEAST_SEEDS = 3  # fewer runs tell nothing about the spread


class Result(NamedTuple):
    """What one run gave."""

    accuracy: float
    train_seconds: float
    test_seconds: float
    cpu_seconds: float = 0.0

    def __str__(self) -> str:
        return f"{100 * self.accuracy:.2f} % in {self.cpu_seconds:.1f} s of one core"


@dataclass(frozen=True)
class Job:
    """One measurement that is wanted; equal jobs are never measured twice."""

    dataset: str
    algorithm: str
    train_size: int
    seed: int


def sklearn_mlp(train: fl.ImageDataset, test: fl.ImageDataset, *, seed: int) -> Result:
    """scikit-learn's MLPClassifier as it comes: 100 hidden units, Adam, until the loss stands still."""
    from sklearn.neural_network import MLPClassifier

    (x, y), (x_test, y_test) = (part.X_y(dtype="float32", scaled=True) for part in (train, test))
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 200 epochs are where it stops, whether it stands still or not
        network = MLPClassifier(random_state=seed).fit(x, y)
    fitted = time.perf_counter()
    score = int((network.predict(x_test) == y_test).sum()) / len(y_test)
    return Result(score, fitted - started, time.perf_counter() - fitted)


def recipe_run(
    train: fl.ImageDataset, test: fl.ImageDataset, *, name: str, full_size: int, seed: int
) -> Result:
    """One of firstlight's recipes; a network takes the same number of steps whatever the number of images."""
    recipe = find_recipe(name)
    if not isinstance(recipe, EstimatorRecipe):
        recipe = adjusted(recipe, epochs=recipe.epochs * full_size / len(train))
    run = fl.train(recipe, dataset=(train, test), seed=seed, device="cpu")
    return Result(run.test_accuracy, run.train_seconds, run.record.test_seconds or 0.0)


def measure(job: Job, images: fl.ImageDataset, test: fl.ImageDataset) -> Result:
    """Draw the training images and run the algorithm.

    Seconds of the processor are kept too: unlike the clock's they do not count what else the machine does.
    """
    started = time.process_time()
    result = run(job, images, test)
    return result._replace(cpu_seconds=time.process_time() - started)


def run(job: Job, images: fl.ImageDataset, test: fl.ImageDataset) -> Result:
    """Train and test once."""
    drawn = images if job.train_size == len(images) else images.divide(job.train_size, seed=job.seed)[0]
    if job.algorithm == "mlp-100":
        return sklearn_mlp(drawn, test, seed=job.seed)
    return recipe_run(drawn, test, name=job.algorithm, full_size=len(images), seed=job.seed)


def is_repetition(job: Job, full_size: int) -> bool:
    """Whether a job could only repeat that of seed 0: all images, and an algorithm that draws nothing."""
    if job.seed == 0 or job.train_size < full_size or job.algorithm == "mlp-100":
        return False
    recipe = find_recipe(job.algorithm)
    return isinstance(recipe, EstimatorRecipe) and not recipe.is_random


def plan(datasets: list[str], algorithms: list[str], sizes: list[int], seeds: int) -> Iterator[Job]:
    """All jobs, small training sets first, and each seed for all algorithms before the next."""
    for dataset in datasets:
        for size in sizes:
            for seed in range(seeds):
                for algorithm in algorithms:
                    yield Job(dataset, algorithm, size, seed)


def job_of(line: dict[str, Any]) -> Job:
    """The job that a line of the file answers."""
    return Job(line["dataset"], line["algorithm"], line["train_size"], line["seed"])


def read(path: Path) -> list[dict[str, Any]]:
    """Every whole line of the file; a last one that was cut off by a kill is left out."""
    lines = []
    for text in path.read_text().splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines


def run_all(jobs: Iterator[Job], path: Path, *, until: float, say: Callable[[str], object] = print) -> None:
    """Measure what is not in the file yet, until the time is up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done = {job_of(line) for line in read(path)}
    loaded: dict[str, Any] = {}
    versions = {name: version(name) for name in ("scikit-learn", "torch", "numpy", "firstlight")}
    for job in jobs:
        if job in done or time.time() >= until:
            continue
        if job.dataset not in loaded:
            loaded[job.dataset] = fl.load(job.dataset)
        images, test = loaded[job.dataset]
        if is_repetition(job, len(images)):
            continue
        result = measure(job, images, test)
        line = {
            **vars(job),
            **result._asdict(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "versions": versions,
        }
        with path.open("a") as out:
            out.write("\n" * _is_cut_off(path) + json.dumps(line) + "\n")
        say(f"{job.dataset} {job.algorithm} {job.train_size} seed {job.seed}: {result}")


def _is_cut_off(path: Path) -> bool:
    text = path.read_bytes()
    return bool(text) and not text.endswith(b"\n")


def write(lines: list[dict[str, Any]], path: Path) -> Path:
    """Summarise all measurements into the file that firstlight ships, one band a line."""
    groups: dict[tuple[str, str, int], dict[int, dict[str, Any]]] = {}
    for line in lines:
        key = (line["dataset"], line["algorithm"], line["train_size"])
        groups.setdefault(key, {})[line["seed"]] = line
    full_sizes = {dataset: len(fl.load(dataset)[0]) for dataset, _, _ in groups}
    made = [band(*key, list(runs.values()), full_sizes[key[0]]) for key, runs in sorted(groups.items())]
    kept = [one for one in made if one["is_fixed"] or one["seeds"] >= LEAST_SEEDS]
    best = {(one["dataset"], one["algorithm"]): one["mean"] for one in kept}  # that of the largest size
    kept.sort(key=lambda one: (one["dataset"] != "mnist", one["dataset"],
                               best[one["dataset"], one["algorithm"]], one["train_size"]))  # fmt: skip
    head = {
        "schema": 1,
        "machine": machine_facts(),
        "threads": 1,
        "dates": [min(line["date"] for line in lines), max(line["date"] for line in lines)],
        "versions": lines[-1]["versions"],
    }
    rows = ",\n".join(f"  {json.dumps(one)}" for one in kept)
    path.write_text(f'{json.dumps(head)[:-1]}, "bands": [\n{rows}\n]}}\n')
    return path


def band(
    dataset: str, algorithm: str, train_size: int, runs: list[dict[str, Any]], full_size: int
) -> dict[str, Any]:
    """Summarise the runs of one algorithm on one size, with the fields of `firstlight.evaluation.Band`."""
    accuracies = [run["accuracy"] for run in runs]
    quantiles = np.quantile(accuracies, QUANTILES)
    return {
        "dataset": dataset,
        "algorithm": algorithm,
        "summary": summary(algorithm),
        "train_size": train_size,
        "test_size": 10_000,
        "seeds": len(runs),
        "mean": round(statistics.fmean(accuracies), 6),
        "sd": round(statistics.stdev(accuracies), 6) if len(runs) > 1 else 0.0,
        "min": min(accuracies),
        "max": max(accuracies),
        "quantiles": [round(float(value), 6) for value in quantiles],
        "is_fixed": is_repetition(Job(dataset, algorithm, train_size, 1), full_size),
        "cpu_seconds": round(cpu_seconds(runs), 2),
    }


def cpu_seconds(runs: list[dict[str, Any]]) -> float:
    """Processor seconds of one run, training and test; of the quickest where only the clock was read."""
    counted = [run["cpu_seconds"] for run in runs if run.get("cpu_seconds")]
    clocked = [run["train_seconds"] + run["test_seconds"] for run in runs]
    return statistics.median(counted) if counted else min(clocked)  # the first run imports things


def summary(algorithm: str) -> str:
    """One line about what was measured, with the settings of an estimator."""
    if algorithm == "mlp-100":
        return "MLPClassifier() of scikit-learn as it comes: 100 hidden units, Adam, at most 200 epochs."
    recipe = find_recipe(algorithm)
    if not isinstance(recipe, EstimatorRecipe):
        return f"{recipe.summary} The recipe {algorithm}, with as many steps whatever the training size."
    given = ", ".join(f"{name}={value!r}" for name, value in recipe.parameters.items())
    return f"{recipe.summary} {recipe.estimator.rpartition('.')[2]}({given}) of scikit-learn."


def main() -> int:
    """Measure what is asked for, or write the shipped file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(CHEAP), help="algorithms, separated by commas")
    parser.add_argument("--datasets", default="mnist", help="data sets, separated by commas")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="training images, by commas")
    parser.add_argument("--seeds", type=int, default=20, help="runs of each")
    parser.add_argument("--hours", type=float, default=1000.0, help="begin nothing new after that time")
    parser.add_argument("--file", type=Path, default=MEASUREMENTS, help="where measurements are kept")
    parser.add_argument("--write", action="store_true", help="write the shipped file and measure nothing")
    options = parser.parse_args()
    if options.write:
        print("written to", write(read(options.file), SHIPPED))
        return 0
    sizes = [int(size) for size in options.sizes.split(",")]
    jobs = plan(options.datasets.split(","), options.only.split(","), sizes, options.seeds)
    run_all(jobs, options.file, until=time.time() + 3600 * options.hours)
    return 0


if __name__ == "__main__":
    sys.exit(main())
