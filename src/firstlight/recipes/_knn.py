"""Three nearest neighbours: 97.05 % on MNIST. An image is what most of the three closest to it are.

One run: it draws nothing, so that another seed only repeats it. Measured by ``python -m
benchmarks.bands``.

Three is what the literature quotes. On the canonical 55,000/5,000 split of MNIST's training images it
cannot be told from the best: 97.62, 97.64, 97.56 and 97.74 % with 1, 3, 4 and 5 neighbours; with more it
falls.
"""

from __future__ import annotations

from firstlight.models import NeighboursModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._recipe import Claim

__all__ = ["KNN_RECIPE"]

KNN_RECIPE = EstimatorRecipe(
    name="knn",
    summary="The three nearest training images, by Euclidean distance of the pixels.",
    estimator="sklearn.neighbors.KNeighborsClassifier",
    model=NeighboursModel,
    parameters={"n_neighbors": 3, "algorithm": "brute"},
    claims=(
        Claim(
            dataset="mnist",
            accuracy_percent=97.05,
            sd_percent=0.0,
            seeds=1,
            train_seconds=0.38,
            machine="1 core of an AMD EPYC (Zen 4)",
            versions="scikit-learn 1.9.1",
            date="2026-11-22",
        ),
    ),
)
