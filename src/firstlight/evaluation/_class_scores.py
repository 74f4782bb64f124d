"""How a model does on each class."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jaxtyping import Int64
from torch import Tensor

from firstlight._metrics import Interval, wilson_interval

__all__ = ["ClassScore", "class_scores"]


@dataclass(frozen=True)
class ClassScore:
    """How a model does on one class. Fractions; not a number where there is nothing to count.

    Attributes
    ----------
    label
        The class.
    count, correct
        Its images, and how many of them were read right.
    accuracy
        Of its images, the fraction that was read right: the class's recall.
    interval
        95 % Wilson interval of ``accuracy``.
    predicted
        How many images, of any class, the model took for this one.
    precision
        Of those, the fraction that is of this class.
    f1
        Harmonic mean of precision and accuracy.
    """

    label: int
    count: int
    correct: int
    accuracy: float
    interval: Interval
    predicted: int
    precision: float
    f1: float


def class_scores(confusion: Int64[Tensor, "k k"]) -> tuple[ClassScore, ...]:
    """Return one score a class out of a confusion matrix (row: label, column: prediction).

    Examples
    --------
    >>> import torch
    >>> score = class_scores(torch.tensor([[8, 2], [0, 10]]))[1]
    >>> score.accuracy, round(score.precision, 3), round(score.f1, 3)
    (1.0, 0.833, 0.909)
    """
    counts, predicted = confusion.sum(dim=1).tolist(), confusion.sum(dim=0).tolist()
    columns = zip(counts, predicted, confusion.diag().tolist(), strict=True)
    return tuple(_score(label, *numbers) for label, numbers in enumerate(columns))


def _score(label: int, count: int, predicted: int, correct: int) -> ClassScore:
    return ClassScore(
        label=label,
        count=count,
        correct=correct,
        accuracy=_share(correct, count),
        interval=wilson_interval(correct, count) if count else Interval(math.nan, math.nan),
        predicted=predicted,
        precision=_share(correct, predicted),
        f1=_share(2 * correct, count + predicted),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
