"""A linear classifier with softmax: one weight for each pixel and class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from firstlight.models._estimator import EstimatorModel

__all__ = ["LinearModel"]


class LinearModel(EstimatorModel):
    """What `sklearn.linear_model.LogisticRegression` has learnt: ``softmax(W x + b)``.

    Examples
    --------
    >>> LinearModel((1, 2, 2), 4)(torch.zeros(1, 1, 2, 2)).exp()
    tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """

    weight: Tensor
    bias: Tensor

    def _empty_tables(self) -> Mapping[str, Tensor]:
        return {"weight": torch.zeros(0, math.prod(self.image_shape)), "bias": torch.zeros(0)}

    def _tables_of(self, estimator: Any) -> Mapping[str, Tensor]:
        weight = torch.as_tensor(estimator.coef_, dtype=torch.float32)
        bias = torch.as_tensor(estimator.intercept_, dtype=torch.float32)
        if len(estimator.classes_) == 2:  # scikit-learn keeps the second class's only; the first's are zero
            weight = torch.cat([torch.zeros_like(weight), weight])
            bias = torch.cat([torch.zeros_like(bias), bias])
        return {"weight": weight, "bias": bias}

    def _log_probabilities(self, pixels: Float[Tensor, "b d"]) -> Float[Tensor, "b seen"]:
        return torch.log_softmax(pixels / 255 @ self.weight.T + self.bias, dim=1)

    def _problem(self) -> str | None:
        shapes = list(self.weight.shape), list(self.bias.shape)
        wanted = [len(self.seen), math.prod(self.image_shape)], [len(self.seen)]
        return super()._problem() or (None if shapes == wanted else f"weights of {shapes}, not {wanted}")
