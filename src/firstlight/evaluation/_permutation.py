"""Whether two recipes differ over the seeds that both were trained with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from firstlight._errors import UsageError
from firstlight._metrics import Interval, t_interval
from firstlight._seeds import generator

__all__ = ["PairedSeeds", "compare_seeds"]

EXACT_UP_TO = 20  # pairs: 2**20 sums are 8 MB
DRAWS = 100_000
AT_ONCE = 1_000  # draws; with 10,000 pairs 80 MB
TIE = 1e-10  # share of the largest possible sum: sums that differ less are equal, but for rounding


@dataclass(frozen=True)
class PairedSeeds:
    """Two recipes over the same seeds.

    Attributes
    ----------
    n
        Seeds that both have.
    difference
        Mean accuracy of the first less that of the second, a fraction.
    interval
        95 % t interval of the difference; not a number for a single pair.
    p_value
        Two-sided: how often signs thrown at random would give a mean difference at least as large.
    exact
        Whether every pattern of signs was counted; else patterns were drawn.
    smallest_p
        The least that this many seeds could have shown. A ``p_value`` that equals it says "as different as
        could be", however large it is.
    """

    n: int
    difference: float
    interval: Interval
    p_value: float
    exact: bool
    smallest_p: float


def compare_seeds(
    first: Sequence[float], second: Sequence[float], *, seed: int = 0, draws: int = DRAWS
) -> PairedSeeds:
    """Test whether two recipes reach the same accuracy, given one of each for every seed.

    The paired randomisation test of Fisher 1935 (The Design of Experiments, section 21) on the mean
    difference: if the recipes are equally good, which of a pair came first is a matter of chance, and each
    difference might as well have the other sign. Up to 20 pairs all patterns of signs are counted. Beyond,
    patterns are drawn, and the one that was observed counts as drawn too, so that p is never 0
    (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39).

    Parameters
    ----------
    first, second
        Accuracies, fractions; the same place in both is the same seed.
    seed
        Of the patterns that are drawn; not used up to 20 pairs.
    draws
        How many patterns are drawn; at least 1.

    Raises
    ------
    UsageError
        The two have not the same length, are empty, hold what is no finite number, or ``draws`` is below 1.

    Examples
    --------
    >>> result = compare_seeds([0.991, 0.992, 0.993], [0.990, 0.990, 0.990])
    >>> result.n, round(result.difference, 4), result.p_value
    (3, 0.002, 0.25)
    """
    if len(first) != len(second) or not len(first):
        raise UsageError(
            f"Seeds are compared in pairs, at least one; got {len(first)} and {len(second)} accuracies."
        )
    if not all(map(math.isfinite, [*first, *second])):
        raise UsageError("Accuracies are finite numbers; leave the seeds of unfinished runs out of both.")
    if draws < 1:
        raise UsageError(f"At least one pattern of signs is drawn; got draws={draws!r}.")
    differences = [one - two for one, two in zip(first, second, strict=True)]
    count = len(differences)
    exact = count <= EXACT_UP_TO
    values = torch.tensor(differences, dtype=torch.float64)
    return PairedSeeds(
        n=count,
        difference=math.fsum(differences) / count,
        interval=t_interval(differences),
        p_value=_counted(values) if exact else _drawn(values, seed=seed, draws=draws),
        exact=exact,
        smallest_p=2.0 ** (1 - count) if exact else 1 / (1 + draws),
    )


def _counted(differences: Float[Tensor, " n"]) -> float:
    # The first sign stays: flipping all signs changes no absolute sum.
    sums = differences[:1]
    for difference in differences[1:]:
        sums = torch.cat([sums + difference, sums - difference])
    return int(_as_large(sums, differences)) / len(sums)


def _drawn(differences: Float[Tensor, " n"], *, seed: int, draws: int) -> float:
    source = generator(seed, "signs")
    found = 0
    for start in range(0, draws, AT_ONCE):
        shape = (min(AT_ONCE, draws - start), len(differences))
        signs = torch.randint(0, 2, shape, generator=source, dtype=torch.int8).mul_(2).sub_(1)
        found += int(_as_large(signs.double() @ differences, differences))
    return (1 + found) / (1 + draws)


def _as_large(sums: Float[Tensor, " m"], differences: Float[Tensor, " n"]) -> Tensor:
    bar = differences.sum().abs() - TIE * differences.abs().sum()
    return (sums.abs() >= bar).sum()
