"""Where one accuracy stands in the band of a standard algorithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from firstlight._errors import UsageError
from firstlight._metrics import t_tail
from firstlight.evaluation._bands import ALLOWANCE, Band, band, bands

__all__ = ["Standing", "Verdict", "standing", "standings"]

Verdict = Literal["far below", "below", "within", "above", "far above"]

UNUSUAL, WRONG = 0.025, 0.0005  # one-sided: 1 right run in 40, and in 2,000
OTHER_SETTINGS = 10 * ALLOWANCE  # so far other settings move an algorithm that draws nothing

HINTS: dict[Verdict, str] = {
    "far below": "Something is probably wrong.",
    "below": "That is bad luck, other settings or a small fault; a second seed tells more.",
    "within": "That is what it should be.",
    "above": "That is good luck, better settings or a small leak; a second seed tells more.",
    "far above": "Look first for test images, or their labels, among what it was trained on.",
}


@dataclass(frozen=True)
class Standing:
    """An accuracy and the band it was held against.

    Attributes
    ----------
    accuracy
        A fraction.
    band
        What right implementations reach.
    chance
        How often one new run of a right implementation would be at least so far from the mean, on the same
        side: a fraction. ``None`` for a band that is fixed, where luck plays no part.
    verdict
        "within" the interval that holds 19 of 20 new runs, "below" or "above" it, or "far" so: by luck less
        than once in 2,000 runs. For a fixed band: within a tenth of a point, or more than a whole one away.
    """

    accuracy: float
    band: Band
    chance: float | None
    verdict: Verdict

    def __str__(self) -> str:
        band = self.band
        place = "is within the band of" if self.verdict == "within" else f"is {self.verdict} the band of"
        images = f"{band.train_size:,} images of {band.dataset}"
        return f"{_percent(self.accuracy)} {place} {band.algorithm} on {images}. {self._reason()} {self.hint}"

    @property
    def hint(self) -> str:
        """One sentence about what to think of it."""
        return HINTS[self.verdict]

    def _reason(self) -> str:
        band = self.band
        low, high = band.interval()
        if self.chance is None:
            return f"It draws nothing: every right program with its settings gets {_percent(band.mean)}."
        runs = "Between sizes that were measured (interpolated)"
        if band.min is not None and band.max is not None:
            runs = f"{band.seeds} runs gave {_range(band.min, band.max)}"
        runs += f", and 19 of 20 new ones give {_range(low, high)}"
        if self.verdict == "within":
            return f"{runs}."
        side = "low" if "below" in self.verdict else "high"
        return f"{runs}; one as {side} as this comes {_rarity(self.chance)}."


def standing(
    algorithm: str, accuracy: float, *, train_size: int = 60_000, dataset: str = "mnist"
) -> Standing:
    """Hold an accuracy against the band of a standard algorithm.

    Speaks of one run on the data set's own test split. Does not say what is wrong; a right program may have
    other settings than those that were measured.

    Parameters
    ----------
    algorithm
        Such as ``"linear"``; `bands` lists all.
    accuracy
        A fraction, 0 to 1.
    train_size
        How many images it was trained on, within the sizes that were measured.
    dataset
        A data set that was measured on.

    Raises
    ------
    UnknownNameError
        No such algorithm or data set was measured.
    UsageError
        The accuracy is no fraction, or there is no band for that size.

    Examples
    --------
    >>> standing("knn", 0.90).verdict
    'far below'
    """
    return _placed(_checked(accuracy), band(algorithm, train_size=train_size, dataset=dataset))


def standings(accuracy: float, *, train_size: int = 60_000, dataset: str = "mnist") -> tuple[Standing, ...]:
    """Hold an accuracy against every algorithm that was measured at that size, the least accurate first.

    Raises
    ------
    UnknownNameError
        Nothing was measured on such a data set.
    UsageError
        The accuracy is no fraction, or no algorithm has a band for that size.
    """
    _checked(accuracy)
    measured = bands(dataset=dataset)
    around = {
        name: [band.train_size for band in measured if band.algorithm == name]
        for name in dict.fromkeys(band.algorithm for band in measured)
    }
    names = [name for name, sizes in around.items() if min(sizes) <= train_size <= max(sizes)]
    if not names:
        sizes = [band.train_size for band in measured]
        raise UsageError(
            f"Bands were measured on {min(sizes):,} to {max(sizes):,} images; got train_size {train_size!r}."
        )
    found = [standing(name, accuracy, train_size=train_size, dataset=dataset) for name in names]
    return tuple(sorted(found, key=lambda one: one.band.mean))


def _checked(accuracy: float) -> float:
    if not 0 <= accuracy <= 1:
        raise UsageError(f"An accuracy is a fraction from 0 to 1, so 97 % is 0.97; got {accuracy!r}.")
    return accuracy


def _placed(accuracy: float, band: Band) -> Standing:
    distance = accuracy - band.mean
    chance = None if band.is_fixed else t_tail(abs(distance) / band.deviation, band.seeds - 1)
    is_within = abs(distance) <= ALLOWANCE + 1e-9 if chance is None else chance >= UNUSUAL
    is_far = abs(distance) > OTHER_SETTINGS if chance is None else chance < WRONG
    side: Literal["below", "above"] = "below" if distance < 0 else "above"
    far: dict[str, Verdict] = {"below": "far below", "above": "far above"}
    return Standing(accuracy, band, chance, "within" if is_within else far[side] if is_far else side)


def _rarity(chance: float) -> str:
    if chance < 1e-4:
        return "less than once in 10,000"
    runs = 1 / chance
    digits = 1 - math.floor(math.log10(runs))  # two of them are enough
    return f"about once in {round(runs, digits):,.0f}"


def _range(low: float, high: float) -> str:
    return f"{100 * low:.2f} to {100 * high:.2f} %"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"
