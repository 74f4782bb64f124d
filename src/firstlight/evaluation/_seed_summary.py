"""What a recipe reaches over seeds: mean, spread, interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from firstlight._errors import UsageError
from firstlight._metrics import Interval, t_interval

__all__ = ["SeedSummary", "summarise_seeds"]


@dataclass(frozen=True)
class SeedSummary:
    """Accuracies of one recipe over seeds.

    Attributes
    ----------
    n
        How many seeds.
    mean, sd
        Fractions; ``sd`` is the sample's (divided by n - 1), not a number for a single seed.
    interval
        Student's t interval of the mean: where the mean over all seeds lies. It speaks of this test set;
        another one moves all seeds together.
    min, max
        The worst and the best seed. The best is no result: it was chosen by looking.
    """

    n: int
    mean: float
    sd: float
    interval: Interval
    min: float
    max: float

    def __str__(self) -> str:
        text = f"{100 * self.mean:.2f} %"
        if self.n == 1:
            return f"{text} (1 seed)"
        low, high = self.interval
        return (
            f"{text} (sd {100 * self.sd:.2f}, {self.n} seeds; mean in {100 * low:.2f} to {100 * high:.2f} %)"
        )


def summarise_seeds(accuracies: Sequence[float], *, confidence: float = 0.95) -> SeedSummary:
    """Summarise the accuracies of one recipe over seeds.

    Parameters
    ----------
    accuracies
        Fractions, one a seed, at least one.
    confidence
        Of the interval; above 0, below 1.

    Raises
    ------
    UsageError
        There is no accuracy, one is no finite number, or the confidence is no probability.

    Examples
    --------
    >>> print(summarise_seeds([0.9741, 0.9755, 0.9752, 0.9748]))
    97.49 % (sd 0.06, 4 seeds; mean in 97.39 to 97.59 %)
    """
    if not all(map(math.isfinite, accuracies)):
        raise UsageError(f"Accuracies are finite numbers; got {list(accuracies)}. Leave unfinished runs out.")
    interval = t_interval(accuracies, confidence=confidence)
    count = len(accuracies)
    mean = math.fsum(accuracies) / count
    squares = math.fsum((accuracy - mean) ** 2 for accuracy in accuracies)
    return SeedSummary(
        n=count,
        mean=mean,
        sd=math.sqrt(squares / (count - 1)) if count > 1 else math.nan,
        interval=interval,
        min=min(accuracies),
        max=max(accuracies),
    )
