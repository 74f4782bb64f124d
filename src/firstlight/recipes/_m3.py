"""M3 of An et al. 2020: ten layers of 3 x 3 filters. Not measured: no GPU was at hand.

A run takes a GPU or a day of patience. The authors give no mean over last epochs; see ``records/`` for their
protocol and for ours.
"""

from __future__ import annotations

from firstlight.recipes._paper import paper_recipe

__all__ = ["M3_RECIPE"]

M3_RECIPE = paper_recipe(
    "m3",
    "The paper's network of ten 3 x 3 layers: 1,124,180 numbers.",
    kernel=3,
    channels=(32, 48, 64, 80, 96, 112, 128, 144, 160, 176),
)
