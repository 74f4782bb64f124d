"""Extremely randomised trees (Geurts et al. 2006): thresholds are drawn, the best draw is taken."""

from __future__ import annotations

from firstlight.models import ForestModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe

__all__ = ["EXTRA_TREES_RECIPE"]

EXTRA_TREES_RECIPE = EstimatorRecipe(
    name="extra-trees",
    summary="A hundred trees with drawn thresholds on all images vote.",
    estimator="sklearn.ensemble.ExtraTreesClassifier",
    model=ForestModel,
    parameters={"n_estimators": 100},
    is_random=True,
    is_parallel=True,
)
