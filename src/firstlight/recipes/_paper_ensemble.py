"""The record ensemble of An et al. 2020, nine networks that vote by threes. Not measured: no GPU was at hand.

Three each of M3, M5 and M7, fixed before the test set is seen, each judged after its last epoch. The authors'
99.91 % are the best of many such ensembles and of 150 epochs, chosen on the test set: arXiv 2008.10400. The
script in ``records/2026-11-22_paper-ensemble`` reports both. A departure: where three networks give three
answers, the most probable one wins; the authors count that as a mistake.
"""

from __future__ import annotations

from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._m3 import M3_RECIPE
from firstlight.recipes._m5 import M5_RECIPE
from firstlight.recipes._m7 import M7_RECIPE

__all__ = ["PAPER_ENSEMBLE_RECIPE"]

PAPER_ENSEMBLE_RECIPE = EnsembleRecipe(
    name="paper-ensemble",
    summary="Three each of m3, m5 and m7 vote by threes. For a GPU.",
    members=((M3_RECIPE, 3), (M5_RECIPE, 3), (M7_RECIPE, 3)),
    combine="votes",
)
