"""Numbers that judge predictions. They know tensors, not data sets or models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError

__all__ = [
    "Interval",
    "accuracy",
    "confusion_matrix",
    "exact_mcnemar",
    "t_interval",
    "t_quantile",
    "t_tail",
    "wilson_interval",
]


class Interval(NamedTuple):
    """An interval of numbers, both ends included."""

    low: float
    high: float


def accuracy(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> float:
    """Return the fraction of rows whose largest logit is the label's; 0 to 1.

    Examples
    --------
    >>> accuracy(torch.tensor([[2.0, 1.0], [2.0, 1.0]]), torch.tensor([0, 1]))
    0.5
    """
    # Counted, not averaged: a float32 mean of 10,000 zeros and ones is not exactly a multiple of 1e-4.
    return int((logits.argmax(dim=1) == labels).sum()) / len(labels)


def confusion_matrix(
    predictions: Int64[Tensor, " n"], labels: Int64[Tensor, " n"], *, classes: int
) -> Int64[Tensor, "k k"]:
    """Count the images of each class (row) that were taken for each class (column).

    Examples
    --------
    >>> confusion_matrix(torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1]), classes=2).tolist()
    [[1, 1], [0, 1]]
    """
    cells = labels * classes + predictions
    return torch.bincount(cells, minlength=classes * classes).view(classes, classes)


def wilson_interval(correct: int, count: int, *, z: float = 1.959964) -> Interval:
    """Return the score interval of a fraction (Wilson 1927, JASA 22:209-212, equation 4 of section 2).

    It covers what another test set of the same kind might show for the *same* trained model. It says
    nothing about another seed.

    Parameters
    ----------
    correct, count
        Successes and trials; ``0 <= correct <= count``, ``count >= 1``.
    z
        Quantile of the normal distribution; the default gives 95 %.

    Examples
    --------
    >>> low, high = wilson_interval(9742, 10000)
    >>> round(low, 4), round(high, 4)
    (0.9709, 0.9771)
    """
    fraction = correct / count
    spread = z * math.sqrt(fraction * (1 - fraction) / count + (z / (2 * count)) ** 2)
    scale = 1 + z * z / count
    middle = fraction + z * z / (2 * count)
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def t_interval(values: Sequence[float], *, confidence: float = 0.95) -> Interval:
    """Return Student's t interval of a mean (Student 1908, Biometrika 6:1-25).

    Over the accuracies of several seeds it covers the mean that all seeds would have. It says nothing about
    another test set, and it is not clipped to 0 and 1.

    Parameters
    ----------
    values
        At least one. From one value alone nothing is known about the spread: both ends are not a number.
    confidence
        Above 0, below 1.

    Raises
    ------
    UsageError
        There is no value, or the confidence is no probability.

    Examples
    --------
    >>> low, high = t_interval([0.974, 0.976, 0.975])
    >>> round(low, 4), round(high, 4)
    (0.9725, 0.9775)
    """
    if not len(values) or not 0 < confidence < 1:
        raise UsageError(
            "An interval needs values and a confidence between 0 and 1; "
            f"got {len(values)} values and confidence {confidence!r}."
        )
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return Interval(math.nan, math.nan)
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    reach = t_quantile(confidence, count - 1) * math.sqrt(variance / count)
    return Interval(mean - reach, mean + reach)


def t_quantile(confidence: float, freedom: int) -> float:
    """Return t with P(|T| <= t) = confidence for Student's T.

    Examples
    --------
    >>> round(t_quantile(0.95, 19), 3)
    2.093
    """
    low, high = 0.0, math.pi / 2  # bisection on the angle
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _t_within(middle, freedom) < confidence else (low, middle)
    return math.tan(middle) * math.sqrt(freedom)


def t_tail(t: float, freedom: int) -> float:
    """Return P(T >= t) for Student's T.

    Examples
    --------
    >>> round(t_tail(2.093, 19), 3)
    0.025
    """
    outside = 1 - _t_within(math.atan(abs(t) / math.sqrt(freedom)), freedom)
    return outside / 2 if t > 0 else 1 - outside / 2


def _t_within(angle: float, freedom: int) -> float:
    """Return P(|T| <= tan(angle) sqrt(freedom)): Abramowitz and Stegun 26.7.3 and 26.7.4, finite sums."""
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for power in range(1 + odd, freedom, 2):
        total += term
        term *= power / (power + 1) * math.cos(angle) ** 2
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total


def exact_mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided p-value that two classifiers are equally good on the same images.

    The exact binomial form of McNemar 1947 (Psychometrika 12:153-157): under equality each image that
    just one of the two got right is a fair coin.

    Parameters
    ----------
    only_first, only_second
        Images that only the first, and only the second, got right.

    Examples
    --------
    >>> exact_mcnemar(5, 5), round(exact_mcnemar(0, 10), 6)
    (1.0, 0.001953)
    """
    flips = only_first + only_second
    tail = sum(math.comb(flips, k) for k in range(min(only_first, only_second) + 1))
    return float(min(1.0, 2 * tail / 2**flips))
