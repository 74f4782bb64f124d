"""Multinomial logistic regression: each class is one template, and the digit that fits best is chosen."""

from __future__ import annotations

from firstlight.models import LinearModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe

__all__ = ["LINEAR_RECIPE"]

LINEAR_RECIPE = EstimatorRecipe(
    name="linear",
    summary="Multinomial logistic regression on the pixels.",
    estimator="sklearn.linear_model.LogisticRegression",
    model=LinearModel,
    parameters={"C": 0.1, "max_iter": 1000},
)
