"""Multinomial logistic regression: 92.57 % on MNIST. Each class is one template; the best fit wins.

One run: it draws nothing, so that another seed only repeats it. Measured by ``python -m
benchmarks.bands``.

C was chosen among 0.003, 0.01, 0.03, 0.1 and 1 on the canonical 55,000/5,000 split of MNIST's training
images: validation accuracies 91.08, 91.88, 92.48, 92.84 and 92.66 %. It converges in about 130
iterations.
"""

from __future__ import annotations

from firstlight.models import LinearModel
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._recipe import Claim

__all__ = ["LINEAR_RECIPE"]

LINEAR_RECIPE = EstimatorRecipe(
    name="linear",
    summary="Multinomial logistic regression on the pixels.",
    estimator="sklearn.linear_model.LogisticRegression",
    model=LinearModel,
    parameters={"C": 0.1, "max_iter": 1000},
    claims=(
        Claim(
            dataset="mnist",
            accuracy_percent=92.57,
            sd_percent=0.0,
            seeds=1,
            train_seconds=13.5,
            machine="1 core of an AMD EPYC (Zen 4)",
            versions="scikit-learn 1.9.1",
            date="2026-11-22",
        ),
    ),
)
