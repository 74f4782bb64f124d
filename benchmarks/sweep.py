"""A sweep over seeds in worker processes against the same runs one after the other.

Claim, on 2 cores: `firstlight sweep` with loky's workers is 1.5 times as quick as the same sweep with
``--backend sequential``, or as quick as threads leave to be won. Both are whole processes, from the prompt to
the last line: they start Python and the workers, import torch, load the data, train, test and keep every run.

How much there is to be won: a run that gets all cores takes s seconds, one that gets a single core t seconds.
On c cores, workers with one thread each do c runs in t seconds, so at best they are c * s / t times as quick.
That is c if torch makes nothing of the second thread, and 1 if it makes the most of it. Run it on an idle
machine: ``python -m benchmarks.sweep`` (a few minutes).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import firstlight as fl
from benchmarks._measure import Timing, machine, save, summary

LEAST_RATIO = 1.5
LEAST_SHARE = 0.85  # of what threads leave to be won, when workers are started and data is loaded twice
BACKENDS = ("sequential", "loky")


def swept(recipe: str, seeds: int, backend: str) -> tuple[float, dict[str, Any]]:
    """Do a whole sweep in a process of its own; return its seconds and what it found."""
    with tempfile.TemporaryDirectory() as parent:
        words = [
            "sweep",
            recipe,
            "--seeds",
            str(seeds),
            "--backend",
            backend,
            "--out",
            parent,
            "--json",
            "-q",
        ]
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "firstlight", *words], check=True, capture_output=True, text=True
        )
        return time.perf_counter() - started, json.loads(done.stdout)


def measure(recipe: str, *, seeds: int, rounds: int) -> dict[str, Any]:
    """Do both kinds of sweep in turn and compare them."""
    for backend in BACKENDS:
        swept(recipe, 2, backend)  # does not count: brings libraries and data into memory
    seconds: dict[str, list[float]] = {backend: [] for backend in BACKENDS}
    found: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        for backend in BACKENDS:
            taken, found[backend] = swept(recipe, seeds, backend)
            seconds[backend].append(taken)
    results: dict[str, Any] = {backend: Timing.of(taken) for backend, taken in seconds.items()}
    run = {backend: found[backend]["groups"][0]["train_seconds_mean"] for backend in BACKENDS}
    jobs = found["loky"]["jobs"]
    return results | {
        "seconds a run, sequential": run["sequential"],
        "seconds a run, loky": run["loky"],
        "jobs": jobs,
        "threads, sequential": found["sequential"]["threads"],
        "threads, loky": found["loky"]["threads"],
        "ratio": statistics.fmean(seconds["sequential"]) / statistics.fmean(seconds["loky"]),
        "ratio that threads leave": jobs * run["sequential"] / run["loky"],
        "mean accuracy, sequential": found["sequential"]["groups"][0]["mean"],
        "mean accuracy, loky": found["loky"]["groups"][0]["mean"],
    }


def explained(results: dict[str, Any]) -> str:
    """Say in words what threads have to do with the ratio."""
    return (
        f"A run took {results['seconds a run, sequential']:.2f} s of training with "
        f"{results['threads, sequential']} threads and {results['seconds a run, loky']:.2f} s with "
        f"{results['threads, loky']}, {results['jobs']} at once: "
        f"at best {results['ratio that threads leave']:.2f} times as quick."
    )


def main() -> None:
    """Measure, print, save, and end with 1 if the claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipe", default="cnn-fast")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2, help="sweeps of each kind")
    options = parser.parse_args()
    fl.load("mnist")  # from now on the files are in the cache
    print(summary("machine", machine()))
    results = measure(options.recipe, seeds=options.seeds, rounds=options.rounds)
    print(summary(f"{options.seeds} runs of {options.recipe}", results))
    print(explained(results))
    goal = min(LEAST_RATIO, LEAST_SHARE * results["ratio that threads leave"])
    holds = results["ratio"] >= goal
    print(f"sequential / loky: {results['ratio']:.3g}, at least {goal:.3g}: {'ok' if holds else 'MISSED'}")
    print("saved", save("sweep", {"recipe": options.recipe, "seeds": options.seeds, **results}))
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
