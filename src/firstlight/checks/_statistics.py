"""Statistics of experiments: what luck alone would do, and what an experiment could have seen.

Each test says how often it accuses a right implementation (``alpha``); each pass says which fault it would
have seen, and how surely (its power).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scipy import optimize, stats

__all__ = [
    "PairedResult",
    "binomial_band",
    "chi_square_tail",
    "detectable_drop",
    "non_inferior",
    "until_sure",
]

ALPHA = 0.001
POWER = 0.95


def binomial_band(count: int, share: float, *, alpha: float = 1e-4) -> tuple[int, int]:
    """Return the fewest and the most successes that luck gives, but for ``alpha`` of all cases.

    Examples
    --------
    >>> binomial_band(2000, 0.1)
    (150, 254)
    """
    return (
        int(stats.binom.ppf(alpha / 2, count, share)),
        int(stats.binom.isf(alpha / 2, count, share)),
    )


def chi_square_tail(seen: Sequence[float], expected: Sequence[float]) -> float:
    """Return how often luck gives counts as far from the expected ones as these.

    Examples
    --------
    >>> chi_square_tail([10, 10], [10, 10])
    1.0
    """
    distance = sum((one - other) ** 2 / other for one, other in zip(seen, expected, strict=True))
    return float(stats.chi2.sf(distance, len(expected) - 1))


def detectable_drop(sd: float, pairs: int, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """Return the mean drop that a one-sided paired t test of that many pairs finds with that power.

    Parameters
    ----------
    sd
        Of the differences of the pairs.
    pairs
        At least 2.
    """
    freedom = pairs - 1
    critical = float(stats.t.isf(alpha, freedom))
    shift = optimize.brentq(
        lambda shift: float(stats.nct.sf(critical, freedom, shift)) - power, 0.0, 20 * (critical + 3)
    )
    return float(shift) * sd / math.sqrt(pairs)


@dataclass(frozen=True)
class PairedResult:
    """What a paired comparison of two accuracies found. All numbers are fractions.

    Attributes
    ----------
    verdict
        ``"worse"``: by more than the margin, for certain; ``"fine"``: not by more than the margin, for
        certain; ``"open"``: too few pairs to say.
    difference, sd, pairs
        Mean and spread of target minus reference, and how many there are.
    lowest, highest
        The true difference lies between them, but for ``alpha`` on each side.
    margin, alpha
        How much worse is let pass; how often luck gives a wrong verdict.
    """

    verdict: Literal["worse", "fine", "open"]
    difference: float
    sd: float
    pairs: int
    lowest: float
    highest: float
    margin: float
    alpha: float

    @property
    def sentence(self) -> str:
        """What this comparison would have seen, in words."""
        drop = self.margin + detectable_drop(self.sd, self.pairs, alpha=self.alpha)
        return (
            f"a drop of {100 * drop:.2f} points with {POWER:.0%} power at alpha {100 * self.alpha:g} %"
            f" ({self.pairs} pairs, difference {100 * self.difference:+.2f} points)"
        )

    def fields(self) -> dict[str, Any]:
        """Return it in plain values, as a report keeps it."""
        return {
            "difference": self.difference,
            "sd": self.sd,
            "pairs": self.pairs,
            "margin": self.margin,
            "alpha": self.alpha,
            "power": POWER,
            "drop": self.margin + detectable_drop(self.sd, self.pairs, alpha=self.alpha),
            "sentence": self.sentence,
        }


def non_inferior(
    differences: Sequence[float], *, margin: float, alpha: float = ALPHA, least_sd: float = 0.0
) -> PairedResult:
    """Say whether a target is worse than its reference by more than a margin, by a one-sided paired t test.

    Parameters
    ----------
    differences
        Of each pair, target minus reference; at least 2.
    margin
        How much worse is let pass, as a fraction above 0.
    alpha
        How often luck may give a wrong verdict.
    least_sd
        Taken where the differences are closer together than that: two or three pairs may agree by luck.

    Examples
    --------
    >>> non_inferior([-0.001, 0.002, 0.0], margin=0.03).verdict
    'fine'
    >>> non_inferior([-0.10, -0.11, -0.10, -0.11, -0.10], margin=0.03).verdict
    'worse'
    """
    pairs = len(differences)
    mean = sum(differences) / pairs
    spread = math.sqrt(sum((one - mean) ** 2 for one in differences) / (pairs - 1))
    sd = max(spread, least_sd, 1e-12)
    half = float(stats.t.isf(alpha, pairs - 1)) * sd / math.sqrt(pairs)
    lowest, highest = mean - half, mean + half
    verdict: Literal["worse", "fine", "open"] = "open"
    if highest < -margin:
        verdict = "worse"
    elif lowest > -margin:
        verdict = "fine"
    return PairedResult(verdict, mean, sd, pairs, lowest, highest, margin, alpha)


def until_sure(
    pair: Callable[[int], float],
    *,
    margin: float,
    least: int = 3,
    most: int = 8,
    alpha: float = ALPHA,
    least_sd: float = 0.0,
) -> PairedResult:
    """Draw pair after pair until the comparison is certain, or no more may be drawn.

    Each look spends an equal part of ``alpha``, so that looking often does not make a wrong verdict likelier.

    Parameters
    ----------
    pair
        Takes the number of the pair, from 0; returns target minus reference.
    margin, alpha, least_sd
        As in `non_inferior`.
    least, most
        Pairs before the first look, and in all.
    """
    looks = most - least + 1
    differences = [pair(number) for number in range(least)]
    while True:
        found = non_inferior(differences, margin=margin, alpha=alpha / looks, least_sd=least_sd)
        if found.verdict != "open" or len(differences) == most:
            return found
        differences.append(pair(len(differences)))
