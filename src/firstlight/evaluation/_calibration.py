"""Whether a model that says "90 % sure" is right nine times out of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight._metrics import Interval, wilson_interval
from firstlight.evaluation._answers import check_answers

__all__ = ["Calibration", "ReliabilityBin", "brier_score", "calibration", "negative_log_likelihood"]

BINS = 15  # of Guo et al. 2017

Mask = Int64[Tensor, " _"]  # bins differ in size, so the axis has no name


@dataclass(frozen=True)
class ReliabilityBin:
    """Images on which the model was about equally sure.

    Attributes
    ----------
    low, high
        The bin's bounds: it holds the confidences above ``low``, up to and including ``high``.
    count
        Images in it; never 0.
    confidence
        What the model said, on average: the probability of its answer.
    accuracy
        Which fraction of them it read right.
    interval
        95 % Wilson interval of ``accuracy``. Where it holds ``confidence``, the bin shows no fault.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float
    interval: Interval


@dataclass(frozen=True)
class Calibration:
    """How far a model's probabilities can be believed.

    Attributes
    ----------
    count
        Images it was measured on.
    confidence
        Mean probability of the model's answers, a fraction; compare it with the accuracy.
    ece
        Expected calibration error over bins of equal width: the mean distance of confidence and accuracy.
    ece_equal_mass
        The same over bins of equally many images. A good model is nearly always nearly sure, so that
        bins of equal width leave all but the last almost empty; these do not.
    nll
        Mean negative log-likelihood of the labels, in nats; infinite where a label was ruled out.
    brier
        Mean squared distance of the probabilities from the label's, summed over classes: 0 to 2.
    bins
        The reliability table: bins of equal width that hold an image, from unsure to sure.
    """

    count: int
    confidence: float
    ece: float
    ece_equal_mass: float
    nll: float
    brier: float
    bins: tuple[ReliabilityBin, ...]


def calibration(
    logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"], *, bins: int = BINS
) -> Calibration:
    """Measure how far a model's probabilities can be believed.

    Only the probability of the answer it gave is put in bins (Guo, Pleiss, Sun, Weinberger 2017,
    arXiv 1706.04599, equations 2 and 3); the equal-mass bins are those of Nguyen and O'Connor 2015
    (arXiv 1508.05154). Probabilities are computed in float64. Neither error is ever negative, so that chance
    alone lifts them above 0: to about 0.003 and 0.001 for a perfectly calibrated model of 98 % and 10,000
    images.

    Parameters
    ----------
    logits
        A model's answers, one row an image.
    labels
        In the same order.
    bins
        At least 1.

    Raises
    ------
    UsageError
        The two do not belong together, or there is no bin.

    Examples
    --------
    >>> sure = torch.tensor([[0.0, 2.0]] * 4)
    >>> result = calibration(sure, torch.tensor([1, 1, 1, 0]))
    >>> round(result.confidence, 3), result.bins[0].accuracy, round(result.ece, 3)
    (0.881, 0.75, 0.131)
    """
    check_answers(logits, labels)
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 1:
        raise UsageError(f"Confidences are put in at least one bin; got bins={bins!r}.")
    confidence, answer = logits.double().softmax(dim=1).max(dim=1)
    right = answer == labels
    wide = _equal_width(confidence, bins)
    mass = [part for part in confidence.argsort(stable=True).tensor_split(bins) if len(part)]
    return Calibration(
        count=len(labels),
        confidence=float(confidence.mean()),
        ece=_error([part for _, part in wide], confidence, right),
        ece_equal_mass=_error(mass, confidence, right),
        nll=negative_log_likelihood(logits, labels),
        brier=brier_score(logits, labels),
        bins=tuple(_bin(place, bins, confidence[part], right[part]) for place, part in wide),
    )


def negative_log_likelihood(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> float:
    """Return the mean negative log-probability of the labels, in nats, computed in float64.

    Examples
    --------
    >>> round(negative_log_likelihood(torch.zeros(1, 10), torch.tensor([3])), 4)  # log(10)
    2.3026
    """
    check_answers(logits, labels)
    chosen = logits.double().log_softmax(dim=1).gather(1, labels[:, None])
    return abs(float(chosen.mean()))  # the mean is never above 0


def brier_score(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> float:
    """Return the mean squared distance of probabilities and labels (Brier 1950, Mon. Weather Rev. 78:1-3).

    Summed over the classes, as Brier wrote it: 0 is perfect, 2 the worst. Some libraries halve it.

    Examples
    --------
    >>> brier_score(torch.zeros(1, 2), torch.tensor([0]))
    0.5
    """
    check_answers(logits, labels)
    wanted = functional.one_hot(labels, logits.shape[1])
    return float((logits.double().softmax(dim=1) - wanted).square().sum(dim=1).mean())


def _equal_width(confidence: Float[Tensor, " n"], bins: int) -> list[tuple[int, Mask]]:
    """Return (number, places of its images) for each bin that holds an image."""
    # A confidence on a bound belongs to the bin below it, as in the paper.
    numbers = (confidence * bins).ceil().long().sub(1).clamp(0, bins - 1)
    parts = [(number, torch.nonzero(numbers == number).flatten()) for number in range(bins)]
    return [(number, part) for number, part in parts if len(part)]


def _error(parts: list[Mask], confidence: Float[Tensor, " n"], right: Tensor) -> float:
    gaps = [float((confidence[part] - right[part].double()).sum().abs()) for part in parts]
    return math.fsum(gaps) / len(confidence)


def _bin(number: int, bins: int, confidence: Float[Tensor, " n"], right: Tensor) -> ReliabilityBin:
    correct, count = int(right.sum()), len(right)
    return ReliabilityBin(
        low=number / bins,
        high=(number + 1) / bins,
        count=count,
        confidence=float(confidence.mean()),
        accuracy=correct / count,
        interval=wilson_interval(correct, count),
    )
