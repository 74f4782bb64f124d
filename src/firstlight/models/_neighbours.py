"""Nearest neighbours: the training images themselves are what was learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models._estimator import EstimatorModel

__all__ = ["NeighboursModel"]

QUERIES = 256  # at once: 60,000 distances each make 60 MB
SPARE = 5  # candidates beyond those that are wanted, in case rounding swapped some


class NeighboursModel(EstimatorModel):
    """What `sklearn.neighbors.KNeighborsClassifier` knows: the training images, as bytes, and their labels.

    The share of a class among the nearest neighbours is its probability, and equal shares go to the lower
    class, as in scikit-learn. The search compares with every image and is exact: distances are whole numbers,
    ranked in float32 by one matrix product, and those that come first are computed again without rounding.
    Of training images at equal distance the earlier one counts.

    Holds what uniform weights and Euclidean distances give; no other setting.
    """

    images: Tensor
    labels: Tensor
    neighbours: Tensor

    def _empty_tables(self) -> Mapping[str, Tensor]:
        return {
            "images": torch.zeros(0, math.prod(self.image_shape), dtype=torch.uint8),
            "labels": torch.zeros(0, dtype=torch.int64),
            "neighbours": torch.zeros((), dtype=torch.int64),
        }

    def _tables_of(self, estimator: Any) -> Mapping[str, Tensor]:
        if estimator.weights != "uniform" or estimator.effective_metric_ != "euclidean":
            raise UsageError(
                "NeighboursModel holds Euclidean neighbours with uniform weights; "
                f"got {estimator.effective_metric_!r} with {estimator.weights!r}."
            )
        rows = torch.as_tensor(estimator._fit_X, dtype=torch.float32)
        return {
            "images": (rows * 255).round().to(torch.uint8),
            "labels": torch.as_tensor(estimator._y, dtype=torch.int64),
            "neighbours": torch.tensor(estimator.n_neighbors),
        }

    def _log_probabilities(self, pixels: Float[Tensor, "b d"]) -> Float[Tensor, "b seen"]:
        known = self.images.float()
        squares = known.square().sum(dim=1)
        votes = [self._votes(part, known, squares) for part in torch.split(pixels, QUERIES)]
        return (torch.cat(votes) / self.neighbours).log()

    def _votes(
        self, pixels: Float[Tensor, "b d"], known: Float[Tensor, "n d"], squares: Float[Tensor, " n"]
    ) -> Float[Tensor, "b seen"]:
        nearest = self._nearest(pixels, known, squares)
        return functional.one_hot(self.labels[nearest], len(self.seen)).sum(dim=1).float()

    def _nearest(
        self, pixels: Float[Tensor, "b d"], known: Float[Tensor, "n d"], squares: Float[Tensor, " n"]
    ) -> Int64[Tensor, "b k"]:
        wanted = min(int(self.neighbours), len(known))
        # |x - y|^2 less |x|^2, which is the same for every y.
        distances = torch.addmm(squares, pixels, known.T, alpha=-2)
        candidates = distances.topk(min(wanted + SPARE, len(known)), largest=False, sorted=False).indices
        candidates = candidates.sort(dim=1).values
        squares_apart = (known[candidates] - pixels[:, None]).square_()
        exact = squares_apart.sum(dim=2, dtype=torch.float64)
        return candidates.gather(1, exact.sort(dim=1, stable=True).indices[:, :wanted])

    def _problem(self) -> str | None:
        count = len(self.images)
        fits = (
            self.images.shape[1] == math.prod(self.image_shape)
            and self.labels.shape == (count,)
            and (not count or 0 <= int(self.labels.min()) <= int(self.labels.max()) < len(self.seen))
            and 0 < int(self.neighbours) <= count
        )
        return super()._problem() or (None if fits else "images, labels and number of neighbours disagree")
