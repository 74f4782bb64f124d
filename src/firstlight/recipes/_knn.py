"""Three nearest neighbours: an image is what most of the three training images closest to it are."""

from __future__ import annotations

from firstlight.models import NeighboursModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe

__all__ = ["KNN_RECIPE"]

KNN_RECIPE = EstimatorRecipe(
    name="knn",
    summary="The three nearest training images, by Euclidean distance of the pixels.",
    estimator="sklearn.neighbors.KNeighborsClassifier",
    model=NeighboursModel,
    parameters={"n_neighbors": 3, "algorithm": "brute"},
)
