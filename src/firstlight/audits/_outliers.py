"""Images that are none of the classes: far from everything, and read by the networks in no clear way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float32, Int64
from torch import Tensor

__all__ = ["Outlier", "outlier_places", "strangeness"]

LEAST_STRANGENESS = 3.5  # Iglewicz and Hoaglin 1993: how a robust z-score tells an outlier
MOST_SURE = 0.9
LEAST_IMAGES = 20  # of a class, before its spread means anything


@dataclass(frozen=True)
class Outlier:
    """An image that may be none of the classes.

    Attributes
    ----------
    index, split, given
        Its place, and the label that it carries.
    strangeness
        How many robust standard deviations it is farther from all other images than its class usually is.
    probability
        Of its likeliest class.
    """

    index: int
    given: int
    strangeness: float
    probability: float
    split: str

    def fields(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


def strangeness(distances: Float32[Tensor, " n"], readings: Int64[Tensor, " n"]) -> Float32[Tensor, " n"]:
    """Return by how many robust standard deviations distances exceed the median of those read alike.

    Within a class, because classes differ: each 1 has near ones, and no two pictures of a cat are alike.
    Median and 1.4826 times the median deviation, which a few outliers do not move. Classes of fewer than 20
    images are judged by the spread of all.

    Parameters
    ----------
    distances
        To other images, such as `lonely_distances`.
    readings
        What the networks take each image for.
    """
    middle, spread = _robust(distances)
    scores = (distances - middle) / spread
    for reading in set(readings.tolist()):
        is_in = readings == reading
        if int(is_in.sum()) >= LEAST_IMAGES:
            middle, spread = _robust(distances[is_in])
            scores[is_in] = (distances[is_in] - middle) / spread
    return scores


def outlier_places(
    distances: Float32[Tensor, " n"], probabilities: Float32[Tensor, "n k"]
) -> tuple[Int64[Tensor, " m"], Float32[Tensor, " n"]]:
    """Return the images that are none of the classes, strangest first, and the strangeness of all.

    Both must hold: 3.5 robust standard deviations too far from the others, and no class at 90 % or more. Far
    alone is a rare way to write; unsure alone is an ambiguous digit. An image of something else that the
    networks take for a digit with confidence is not found.
    """
    scores = strangeness(distances, probabilities.argmax(dim=1))
    is_out: Bool[Tensor, " n"] = (scores >= LEAST_STRANGENESS) & (probabilities.amax(dim=1) < MOST_SURE)
    places = torch.nonzero(is_out).flatten()
    return places[scores[places].argsort(descending=True, stable=True)], scores


def _robust(values: Float32[Tensor, " n"]) -> tuple[Tensor, Tensor]:
    middle = values.median()
    return middle, (1.4826 * (values - middle).abs().median()).clamp_min(1e-6)
