"""M7 of An et al. 2020: four layers of 7 x 7 filters. Not measured: no GPU was at hand.

A run takes a GPU or a day of patience. The authors give no mean over last epochs; see ``records/`` for their
protocol and for ours.
"""

from __future__ import annotations

from firstlight.recipes._paper import paper_recipe

__all__ = ["M7_RECIPE"]

M7_RECIPE = paper_recipe(
    "m7",
    "The paper's network of four 7 x 7 layers: 2,291,972 numbers.",
    kernel=7,
    channels=(48, 96, 144, 192),
)
