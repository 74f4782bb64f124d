"""Known-good bands: how accurate standard algorithms are, measured over many seeds."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from firstlight._errors import DataCorruptError, UnknownNameError, UsageError
from firstlight._metrics import Interval, t_quantile

__all__ = ["Band", "band", "bands", "known_algorithms", "known_datasets"]

SHIPPED = Path(__file__).with_name("bands.json")
# An algorithm that draws nothing gives every right program the same answers. Ties, rounding and where an
# optimiser stops still move a few images of 10,000; this much is let pass.
ALLOWANCE = 0.001


@dataclass(frozen=True)
class Band:
    """Test accuracies of one algorithm over seeds, all fractions.

    Every run was tested on the same whole test split. A seed draws the training images, stratified, and is
    the algorithm's own seed; so the spread is that of drawing and of the algorithm's luck, not that of
    another test set.

    Attributes
    ----------
    dataset, algorithm, summary
        What was measured; the summary says with which settings.
    train_size, test_size
        How many images it learnt from, and was tested on.
    seeds
        How many runs.
    mean, sd
        Of the accuracy; ``sd`` is the sample's (divided by n - 1).
    min, max, quantiles
        The worst and the best run, and the quantiles of 1, 5, 50, 95 and 99 %, interpolated between runs;
        ``None`` where the band is interpolated.
    is_fixed
        Whether another seed changes nothing: the algorithm draws nothing and was given all images there are.
    is_interpolated
        Whether it was not measured at this training size but lies between two that were.
    cpu_seconds
        Of one run, training and test, on one core; ``None`` where the band is interpolated.
    """

    dataset: str
    algorithm: str
    summary: str
    train_size: int
    test_size: int
    seeds: int
    mean: float
    sd: float
    min: float | None = None
    max: float | None = None
    quantiles: tuple[float, ...] | None = None
    is_fixed: bool = False
    is_interpolated: bool = False
    cpu_seconds: float | None = None

    def interval(self, confidence: float = 0.95) -> Interval:
        """Return the prediction interval for one new run of a right implementation.

        Student's t with as many degrees of freedom as there are runs less one, so that few runs give a wide
        interval. A fixed band allows a tenth of a point to both sides, whatever the confidence.

        Examples
        --------
        >>> few = Band("mnist", "mine", "", 60000, 10000, seeds=3, mean=0.975, sd=0.001)
        >>> low, high = few.interval()
        >>> round(low, 4), round(high, 4)
        (0.97, 0.98)
        """
        reach = ALLOWANCE
        if not self.is_fixed:
            reach = t_quantile(confidence, self.seeds - 1) * self.deviation
        return Interval(max(0.0, self.mean - reach), min(1.0, self.mean + reach))

    @property
    def deviation(self) -> float:
        """Standard deviation of a new run from the mean of those measured; that mean is uncertain too."""
        # Accuracies are multiples of 1 / test_size: runs that happen to agree do not prove a smaller spread.
        return max(self.sd, 0.5 / self.test_size) * math.sqrt(1 + 1 / self.seeds)


def bands(algorithm: str | None = None, *, dataset: str | None = None) -> tuple[Band, ...]:
    """Return all measured bands, or those of one algorithm or data set; small training sets first.

    Raises
    ------
    UnknownNameError
        Nothing of that name was measured.

    Examples
    --------
    >>> found = bands("knn", dataset="mnist")
    >>> found[0].train_size, found[-1].train_size
    (1000, 60000)
    """
    names = (
        None if algorithm is None else _known("algorithm with a band", algorithm, known_algorithms()),
        None if dataset is None else _known("data set with bands", dataset, known_datasets()),
    )
    return tuple(
        band
        for band in _measured(SHIPPED)
        if names[0] in (None, band.algorithm) and names[1] in (None, band.dataset)
    )


def band(algorithm: str, *, train_size: int = 60_000, dataset: str = "mnist") -> Band:
    """Return the band of one algorithm at one training size.

    Between two sizes that were measured, the logarithms of error and spread are taken to be straight lines
    over the logarithm of the size; such a band says that it is interpolated. Never goes further.

    Raises
    ------
    UnknownNameError
        No such algorithm or data set was measured.
    UsageError
        The algorithm was not measured on that data set, or not around that size.
    """
    found = bands(algorithm, dataset=dataset)
    if not found:
        names = ", ".join(sorted({band.algorithm for band in bands(dataset=dataset)}))
        raise UsageError(f"{algorithm} was not measured on {dataset}. There are: {names}.")
    smaller = [band for band in found if band.train_size <= train_size]
    larger = [band for band in found if band.train_size >= train_size]
    if not smaller or not larger:
        raise UsageError(
            f"{algorithm} was measured on {found[0].train_size:,} to {found[-1].train_size:,} images of "
            f"{dataset}; got train_size {train_size!r}."
        )
    below, above = smaller[-1], larger[0]
    return below if below == above else _between(below, above, train_size)


def known_algorithms() -> tuple[str, ...]:
    """Return the algorithms that were measured, in the order of their accuracy on all of MNIST."""
    return tuple(dict.fromkeys(band.algorithm for band in _measured(SHIPPED)))


def known_datasets() -> tuple[str, ...]:
    """Return the data sets that were measured on."""
    return tuple(dict.fromkeys(band.dataset for band in _measured(SHIPPED)))


def _known(what: str, name: str, names: tuple[str, ...]) -> str:
    wanted = name.lower().replace("_", "-")
    if wanted not in names:
        raise UnknownNameError(what, name, names)
    return wanted


def _between(below: Band, above: Band, train_size: int) -> Band:
    share = math.log(train_size / below.train_size) / math.log(above.train_size / below.train_size)
    # A fixed band tells nothing about the spread that a smaller draw has; that of the smaller size is enough.
    upper_sd = below.sd if above.is_fixed else above.sd
    return replace(
        below,
        train_size=train_size,
        seeds=below.seeds if above.is_fixed else min(below.seeds, above.seeds),
        mean=1 - _geometric(1 - below.mean, 1 - above.mean, share),
        sd=_geometric(below.sd, upper_sd, share),
        min=None,
        max=None,
        quantiles=None,
        cpu_seconds=None,
        is_fixed=False,
        is_interpolated=True,
    )


def _geometric(first: float, second: float, share: float) -> float:
    return float(first ** (1 - share) * second**share)


@cache
def _measured(path: Path) -> tuple[Band, ...]:
    try:
        listed = json.loads(path.read_bytes())["bands"]
        return tuple(Band(**{**fields, "quantiles": tuple(fields["quantiles"])}) for fields in listed)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataCorruptError(
            f"{path}, a part of firstlight, is damaged: {error}. Install it again."
        ) from error
