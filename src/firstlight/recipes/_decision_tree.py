"""One decision tree: twenty questions about single pixels."""

from __future__ import annotations

from firstlight.models import ForestModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe

__all__ = ["DECISION_TREE_RECIPE"]

DECISION_TREE_RECIPE = EstimatorRecipe(
    name="decision-tree",
    summary="One fully grown decision tree (CART, Gini).",
    estimator="sklearn.tree.DecisionTreeClassifier",
    model=ForestModel,
    is_random=True,
)
