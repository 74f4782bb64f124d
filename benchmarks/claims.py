"""What recipes reach over seeds: the figures of a claim, for recipes that no other benchmark measures.

Each seed trains once and looks at the test set once, after the last step: ``python -m benchmarks.claims
lenet5,mnist,5 random-forest,mnist,5`` (recipe, data set, seeds). Times are those of the threads that torch
and scikit-learn take; set OMP_NUM_THREADS=1 for those of one core.
"""

from __future__ import annotations

import argparse
import statistics

import firstlight as fl
from benchmarks._measure import Timing, save


def measure(recipe: str, dataset: str, seeds: int) -> dict[str, object]:
    """Train a recipe with each seed and return accuracy and training time."""
    data = fl.load(dataset)
    accuracies, times = [], []
    for seed in range(seeds):
        record = fl.train(recipe, dataset=data, seed=seed, device="cpu").record
        accuracies.append(100 * (record.test_accuracy or 0.0))
        times.append(record.train_seconds)
        print(f"{recipe} on {dataset}, seed {seed}: {accuracies[-1]:.2f} % {times[-1]:.2f} s", flush=True)
    return {
        "accuracy_percent": statistics.fmean(accuracies),
        "accuracy_sd_percent": statistics.stdev(accuracies) if seeds > 1 else 0.0,
        "accuracies_percent": [round(accuracy, 2) for accuracy in accuracies],
        "train_seconds": Timing.of(times),
    }


def main() -> None:
    """Measure each and save at once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("claims", nargs="+", metavar="RECIPE,DATASET,SEEDS")
    for words in parser.parse_args().claims:
        recipe, dataset, seeds = words.split(",")
        results = measure(recipe, dataset, int(seeds))
        print(f"{recipe} on {dataset}: {results['accuracy_percent']:.2f} %, {results['train_seconds']}")
        save(f"claims {recipe} {dataset}", results)


if __name__ == "__main__":
    main()
