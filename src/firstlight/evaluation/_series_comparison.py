"""Whether two recipes differ, over the seeds that both have among the kept runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstlight._errors import UsageError
from firstlight.evaluation._permutation import PairedSeeds, compare_seeds
from firstlight.evaluation._seed_summary import SeedSummary, summarise_seeds
from firstlight.evaluation._series import Series

__all__ = ["Measured", "SeriesComparison", "compare_series"]

Measured = Literal["test", "validation"]
Scores = dict[int, float]  # accuracy by seed


@dataclass(frozen=True)
class SeriesComparison:
    """Two series of runs over the seeds that both have.

    Attributes
    ----------
    dataset, measured, train_count
        What they were judged on, and how many images each run learnt from.
    seeds
        Those that both have, ascending.
    first, second
        Mean, spread and interval of each, over these seeds.
    paired
        The difference, seed by seed, and whether it could be chance.
    unpaired
        How many seeds of the first, and of the second, have no partner and do not count.
    """

    dataset: str
    measured: Measured
    train_count: int
    seeds: tuple[int, ...]
    first: SeedSummary
    second: SeedSummary
    paired: PairedSeeds
    unpaired: tuple[int, int]


def compare_series(first: Series, second: Series, *, measured: Measured | None = None) -> SeriesComparison:
    """Compare two series seed by seed with `compare_seeds`.

    Runs are paired that have the same seed and learnt from equally many images; of two runs of one seed the
    newer one counts. Where runs with and without held-out images are kept, the kind counts that gives more
    pairs.

    Parameters
    ----------
    first, second
        On the same data set.
    measured
        ``"test"`` or ``"validation"`` accuracy; ``None`` takes the test's where both series looked at it.
        To *choose* between recipes take the validation's.

    Raises
    ------
    UsageError
        They are on different data sets, or have no seed in common.
    """
    datasets = first.records[0].dataset, second.records[0].dataset
    if datasets[0] != datasets[1]:
        raise UsageError(
            f"Recipes are compared on the same data set; got {datasets[0]} for {first.name} and "
            f"{datasets[1]} for {second.name}. Choose one: --dataset NAME"
        )
    for what in (measured,) if measured else ("test", "validation"):
        one, two = _scores(first, what), _scores(second, what)
        pairs = {size: sorted(one[size].keys() & two[size].keys()) for size in one.keys() & two.keys()}
        size = max(pairs, key=lambda size: (len(pairs[size]), size), default=0)
        if pairs.get(size):
            return _compared(datasets[0], what, size, pairs[size], one[size], two[size])
    raise UsageError(
        f"No {measured or 'test'} accuracy of the same seed and as many training images is kept for both: "
        f"{first.name} has {_seeds_text(first)}, {second.name} has {_seeds_text(second)}. "
        f"Train both with the same seeds{' and --validate' if measured == 'validation' else ''}."
    )


def _compared(
    dataset: str, measured: Measured, size: int, seeds: list[int], one: Scores, two: Scores
) -> SeriesComparison:
    firsts, seconds = [one[seed] for seed in seeds], [two[seed] for seed in seeds]
    return SeriesComparison(
        dataset=dataset,
        measured=measured,
        train_count=size,
        seeds=tuple(seeds),
        first=summarise_seeds(firsts),
        second=summarise_seeds(seconds),
        paired=compare_seeds(firsts, seconds),
        unpaired=(len(one) - len(seeds), len(two) - len(seeds)),
    )


def _scores(series: Series, measured: Measured) -> dict[int, Scores]:
    """Return the accuracies by number of training images, then by seed."""
    found: dict[int, Scores] = {}
    for record in sorted(series.records, key=lambda record: record.started):  # so that the newest stays
        score = record.test_accuracy if measured == "test" else record.validation_accuracy
        if score is not None:
            found.setdefault(record.train_count, {})[record.seed] = score
    return found


def _seeds_text(series: Series) -> str:
    seeds = sorted({record.seed for record in series.records})
    sizes = " and ".join(f"{size:,}" for size in sorted({record.train_count for record in series.records}))
    shown = ", ".join(map(str, seeds[:10])) + (", ..." if len(seeds) > 10 else "")
    return f"seed{'s' if len(seeds) > 1 else ''} {shown} with {sizes} images"
