"""Time to accuracy: the recipes of MNIST on a processor, and a plain convolutional network as the peer.

Claims, on two cores: `cnn-fast` reaches a mean of 99.0 % over 20 seeds in at most 2.5 s, and the plain
network of one epoch takes at least 1.7 times as long; `cnn` 99.5 % over 20 seeds in 12 s; `cnn-best` 99.70 %
over 10 seeds in 120 s; `mlp-best` 98.9 % without any convolution; `ensemble` 99.77 % over 5 ensembles in 20
minutes; `cnn-fashion` 93.5 % on Fashion-MNIST in 120 s.

The clock runs from data in memory to the last test prediction. Ours and the peer are trained in turn with the
same seeds. The test set is used once for each network, after its last step. Run it on an idle machine:
``python -m benchmarks.time_to_accuracy`` for all (more than an hour), or with the names of recipes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import firstlight as fl
from benchmarks._measure import Timing, machine, save, summary
from benchmarks._naive_cnn import run_naive
from firstlight.datasets import ImageDataset
from firstlight.training import RunRecord

Pair = tuple[ImageDataset, ImageDataset]
Result = tuple[float, float]


class Goal(NamedTuple):
    """What a recipe claims: a mean accuracy in percent within seconds, over how many seeds."""

    percent: float
    seconds: float
    seeds: int
    dataset: str = "mnist"


GOALS = {
    "cnn-fast": Goal(99.0, 2.5, 20),
    "cnn": Goal(99.5, 12, 20),
    "mlp-best": Goal(98.9, 60, 10),
    "cnn-best": Goal(99.70, 120, 10),
    "cnn-fashion": Goal(93.5, 120, 5, "fashion-mnist"),
    "ensemble": Goal(99.77, 1200, 5),
}


class Peer(NamedTuple):
    """Epochs and shift of the plain network, for how many seeds, and how much slower it must be."""

    epochs: int
    shift: int
    seeds: int
    least_ratio: float | None = None


PEERS = {"cnn-fast": Peer(1, 0, 20, 1.7), "cnn": Peer(4, 1, 5)}


def measure(name: str, seeds: range, data: Pair, *, done: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Train a recipe, and its peer where it has one, with each seed in turn; tell after each."""
    ours: list[Result] = []
    members: list[float] = []
    peers: list[Result] = []
    for seed in seeds:
        record = fl.train(name, dataset=data, seed=seed).record
        ours.append((record.test_accuracy or 0.0, record.train_seconds + (record.test_seconds or 0.0)))
        members += _member_accuracies(record)
        beside = ""
        if (peer := PEERS.get(name)) and len(peers) < peer.seeds:
            peers.append(run_naive(*data, seed, epochs=peer.epochs, shift=peer.shift))
            beside = f", plain network {100 * peers[-1][0]:.2f} % {peers[-1][1]:.2f} s"
        print(f"{name} seed {seed}: {100 * ours[-1][0]:.2f} % {ours[-1][1]:.2f} s{beside}", flush=True)
        results = {"ours": _scores(ours)}
        if peers:
            results["plain network"] = _scores(peers)
        if members:
            results["members"] = _scores([(accuracy, 0.0) for accuracy in members])
        done(results)
    return results


def _member_accuracies(record: RunRecord) -> list[float]:
    return [member.test_accuracy for member in record.members if member.test_accuracy is not None]


def _scores(results: list[Result]) -> dict[str, Any]:
    accuracies, seconds = [100 * accuracy for accuracy, _ in results], [taken for _, taken in results]
    return {
        "n": len(results),
        "accuracy_percent": statistics.fmean(accuracies),
        "accuracy_sd_percent": statistics.stdev(accuracies) if len(accuracies) > 1 else 0.0,
        "accuracies_percent": [round(accuracy, 2) for accuracy in accuracies],
        "seconds": Timing.of(seconds),
    }


def verdicts(name: str, results: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    """Hold the figures against the claims."""
    goal, ours = GOALS[name], results["ours"]
    found = {
        f"{name}, accuracy in %": (ours["accuracy_percent"], ours["accuracy_percent"] >= goal.percent),
        f"{name}, seconds": (ours["seconds"].mean, ours["seconds"].mean <= goal.seconds),
    }
    if "plain network" in results:
        ratio = results["plain network"]["seconds"].mean / ours["seconds"].mean
        least = PEERS[name].least_ratio
        found[f"plain network / {name}, seconds"] = (ratio, least is None or ratio >= least)
    return found


def main() -> None:
    """Measure, print, save after each seed, and end with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="*", default=list(GOALS), metavar="RECIPE", help=", ".join(GOALS))
    parser.add_argument("--seeds", type=int, help="how many; the default is each claim's own number")
    parser.add_argument("--first-seed", type=int, default=0, help="to measure a claim's seeds in parts")
    options = parser.parse_args()
    if unknown := set(options.recipes) - set(GOALS):
        parser.error(f"no goal for {', '.join(sorted(unknown))}; there are {', '.join(GOALS)}")
    holds = True
    for name in options.recipes:
        data = fl.load(GOALS[name].dataset)
        fl.train(name if name != "ensemble" else "cnn-best", dataset=data, epochs=0.02)  # warms up
        first = options.first_seed
        part = f" from seed {first}" if first else ""

        def keep(results: dict[str, Any], title: str = f"time_to_accuracy {name}{part}") -> None:
            save(title, results)

        seeds = range(first, first + (options.seeds or GOALS[name].seeds))
        results = measure(name, seeds, data, done=keep)
        rows = {part: _row(scores) for part, scores in results.items()}
        print(summary(f"{name} on {machine()['processor']}", rows))
        for claim, (value, ok) in verdicts(name, results).items():
            holds &= ok
            print(f"  {'holds' if ok else 'MISSED'}: {claim}: {value:.4g}")
    sys.exit(0 if holds else 1)


def _row(scores: dict[str, Any]) -> str:
    accuracy = f"{scores['accuracy_percent']:.3f} % (sd {scores['accuracy_sd_percent']:.3f}, n={scores['n']})"
    return f"{accuracy}, {scores['seconds']}"


if __name__ == "__main__":
    main()
