"""Five networks of the recipe `cnn-best`, which answer together. Not measured yet.

How many and which was fixed before the test set was looked at: all that are trained count.
"""

from __future__ import annotations

from firstlight.recipes._cnn_best import CNN_BEST_RECIPE
from firstlight.recipes._ensemble_recipe import EnsembleRecipe

__all__ = ["ENSEMBLE_RECIPE"]

ENSEMBLE_RECIPE = EnsembleRecipe(
    name="ensemble",
    summary="Five networks of cnn-best; the mean of their probabilities decides.",
    members=((CNN_BEST_RECIPE, 5),),
)
