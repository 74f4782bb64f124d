"""A support vector machine with Gaussian kernel, one against one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.models._estimator import EstimatorModel

__all__ = ["SupportVectorModel"]

QUERIES = 256  # at once: 15,000 kernel values each make 15 MB


class SupportVectorModel(EstimatorModel):
    """What `sklearn.svm.SVC` with its Gaussian kernel has learnt: support vectors, weighted for each pair.

    Each pair of classes has its own decision; the class that wins most of them is the answer. Equal votes go
    to the class whose decisions were clearer, as in scikit-learn with ``break_ties=True``.

    The log-probabilities rank the classes and are *not* calibrated: they are the softmax of the votes.
    scikit-learn's ``probability=True`` would fit a calibration of its own in five further fits (Platt 1999),
    which we leave out. Temperature scaling on validation images does the same for less.
    """

    vectors: Tensor
    weight: Tensor
    bias: Tensor
    gamma: Tensor

    def _empty_tables(self) -> Mapping[str, Tensor]:
        return {
            "vectors": torch.zeros(0, math.prod(self.image_shape), dtype=torch.uint8),
            "weight": torch.zeros(0, 0),
            "bias": torch.zeros(0),
            "gamma": torch.zeros(()),
        }

    def _tables_of(self, estimator: Any) -> Mapping[str, Tensor]:
        if estimator.kernel != "rbf":
            raise UsageError(f"SupportVectorModel holds Gaussian kernels ('rbf'); got {estimator.kernel!r}.")
        rows = torch.as_tensor(estimator.support_vectors_, dtype=torch.float32)
        flipped = -1.0 if len(estimator.classes_) == 2 else 1.0  # with two classes plus means the second one
        return {
            "vectors": (rows * 255).round().to(torch.uint8),
            "weight": flipped * _pair_weights(estimator),
            "bias": flipped * torch.as_tensor(estimator.intercept_, dtype=torch.float32),
            "gamma": torch.tensor(estimator._gamma, dtype=torch.float32),
        }

    def _log_probabilities(self, pixels: Float[Tensor, "b d"]) -> Float[Tensor, "b seen"]:
        known = self.vectors.float() / 255
        squares = known.square().sum(dim=1)
        parts = [self._decisions(part / 255, known, squares) for part in torch.split(pixels, QUERIES)]
        return torch.log_softmax(self._scores(torch.cat(parts)), dim=1)

    def _decisions(
        self, x: Float[Tensor, "b d"], known: Float[Tensor, "s d"], squares: Float[Tensor, " s"]
    ) -> Float[Tensor, "b pairs"]:
        distances = torch.addmm(squares, x, known.T, alpha=-2).add_(x.square().sum(dim=1, keepdim=True))
        return distances.clamp_min_(0).mul_(-self.gamma).exp_() @ self.weight + self.bias

    def _scores(self, decisions: Float[Tensor, "b pairs"]) -> Float[Tensor, "b seen"]:
        """Return each class's votes, and less than half a vote for how clear its decisions were."""
        pairs = torch.tensor(list(combinations(range(len(self.seen)), 2)), device=decisions.device)
        votes = torch.zeros(len(decisions), len(self.seen), device=decisions.device)
        clearness = torch.zeros_like(votes)
        wins = (decisions > 0).float()
        for side, won, clear in [(0, wins, decisions), (1, 1 - wins, -decisions)]:
            votes.index_add_(1, pairs[:, side], won)
            clearness.index_add_(1, pairs[:, side], clear)
        return votes + clearness / (3 * (clearness.abs() + 1))

    def _problem(self) -> str | None:
        count, pairs = len(self.vectors), math.comb(len(self.seen), 2)
        fits = (
            self.vectors.shape[1] == math.prod(self.image_shape)
            and self.weight.shape == (count, pairs)
            and self.bias.shape == (pairs,)
        )
        return super()._problem() or (None if fits else "support vectors and weights disagree")


def _pair_weights(estimator: Any) -> Tensor:
    """Return the weight of each support vector in the decision of each pair of classes; most are zero.

    scikit-learn keeps them packed: a vector of class i has one row for each *other* class, in order.
    """
    packed = torch.as_tensor(estimator.dual_coef_, dtype=torch.float32)
    ends = torch.as_tensor(estimator.n_support_).cumsum(0).tolist()
    of_class = [slice(start, stop) for start, stop in zip([0, *ends], ends, strict=False)]
    pairs = list(combinations(range(len(of_class)), 2))
    weight = torch.zeros(packed.shape[1], len(pairs))
    for column, (first, second) in enumerate(pairs):
        weight[of_class[first], column] = packed[second - 1, of_class[first]]
        weight[of_class[second], column] = packed[first, of_class[second]]
    return weight
