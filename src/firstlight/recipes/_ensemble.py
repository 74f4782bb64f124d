"""Five networks of the recipe `cnn-best`, which answer together.

Measured: 99.69 % on mnist (sd 0.02, 5 seeds) in 656.6 s, on 1 core of an AMD EPYC (Zen 4) with torch 2.13.0,
by ``python -m benchmarks.time_to_accuracy ensemble``.

How many and which was fixed before the test set was looked at: all that are trained count.
"""

from __future__ import annotations

from firstlight.recipes._cnn_best import CNN_BEST_RECIPE
from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._recipe import Claim

__all__ = ["ENSEMBLE_RECIPE"]

ENSEMBLE_RECIPE = EnsembleRecipe(
    name="ensemble",
    summary="Five networks of cnn-best; the mean of their probabilities decides.",
    members=((CNN_BEST_RECIPE, 5),),
    claims=(
        Claim(
            dataset="mnist",
            accuracy_percent=99.69,
            sd_percent=0.02,
            seeds=5,
            train_seconds=656.6,
            machine="1 core of an AMD EPYC (Zen 4)",
            versions="torch 2.13.0 for CPUs",
            date="2026-11-22",
        ),
    ),
)
