"""M5 of An et al. 2020: five layers of 5 x 5 filters. Not measured: no GPU was at hand.

A run takes a GPU or a day of patience. The authors give no mean over last epochs; see ``records/`` for their
protocol and for ours.
"""

from __future__ import annotations

from firstlight.recipes._paper import paper_recipe

__all__ = ["M5_RECIPE"]

M5_RECIPE = paper_recipe(
    "m5",
    "The paper's network of five 5 x 5 layers: 1,128,180 numbers.",
    kernel=5,
    channels=(32, 64, 96, 128, 160),
)
