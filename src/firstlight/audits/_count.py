"""How many labels are wrong, and between which numbers that lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float64
from torch import Tensor

from firstlight.audits._estimate import consensus, estimate_noise
from firstlight.audits._scores import LabelScores

__all__ = ["ErrorCount", "count_errors"]

NORMAL_95 = 1.96
# Of the labels that networks doubt, beyond those that the noise explains, so many are wrong: likely, at most.
# People disowned a fifth of them in MNIST's test split, and a twentieth in CIFAR-10's.
DOUBT, MOST_DOUBT = 0.1, 0.3


@dataclass(frozen=True)
class ErrorCount:
    """Estimated number of wrong labels, and between which numbers it probably lies."""

    errors: int
    interval: tuple[int, int]


def count_errors(scores: LabelScores) -> ErrorCount:
    """Sum the probabilities that labels are wrong, and say how far off that may be.

    Two things are added up: labels that the noise explains, as it would hit clear images; and labels of
    images that can be read in two ways, of which no network can tell whether the image is unclear or the
    network is not good enough. Of those a tenth is counted; none and three tenths are the ends of the
    interval. On top come the chance of each label (95 %) and the spread between networks.
    """
    noisy = float(scores.wrong_probability.sum())
    doubted = max(0.0, float(_loses_majority(scores).sum()) - noisy)
    chance = float((scores.wrong_probability * (1 - scores.wrong_probability)).sum())
    reach = NORMAL_95 * math.sqrt(chance + _variance_between(scores))
    low = max(0, math.floor(noisy - reach))
    high = min(len(scores.labels), math.ceil(noisy + MOST_DOUBT * doubted + reach))
    return ErrorCount(min(high, round(noisy + DOUBT * doubted)), (low, high))


def _loses_majority(scores: LabelScores) -> Float64[Tensor, " n"]:
    """Return the probability that fewer than three of five readers see the given label.

    That is what Northcutt, Athalye, Mueller 2021 call an error, if readers see what the networks see.
    """
    sees = scores.log_probabilities.gather(1, scores.labels[:, None])[:, 0].exp()
    misses = 1 - sees
    return misses**5 + 5 * sees * misses**4 + 10 * sees**2 * misses**3


def _variance_between(scores: LabelScores) -> float:
    """Return the variance, between repetitions, of the number that each would give alone."""
    alone = [
        float(estimate_noise(consensus(said[None]), scores.labels).wrong_probability.sum())
        for said in scores.opinions
        if not said.isnan().any()
    ]
    return float(torch.tensor(alone).var()) / len(alone) if len(alone) > 1 else 0.0
