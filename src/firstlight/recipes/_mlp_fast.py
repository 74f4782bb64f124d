"""The three-layer network, as fast as it passes the article's 97.42 %.

Claim: measured by ``python -m benchmarks.article``; see ``claims`` below.

Settings chosen on the canonical 55,000/5,000 split of MNIST's training images, never on the test set.
"""

from __future__ import annotations

from functools import partial

from firstlight.models import MLP
from firstlight.recipes._recipe import AdamWSettings, Recipe

__all__ = ["MLP_FAST_RECIPE"]

MLP_FAST_RECIPE = Recipe(
    name="mlp-fast",
    summary="The same three layers, trained just until the article's 97.42 % is passed.",
    model=partial(MLP, hidden=(256, 128)),
    epochs=1.25,
    batch_size=256,
    optimizer=AdamWSettings(learning_rate=0.01, betas=(0.9, 0.95)),
    warmup=0.2,
    label_smoothing=0.05,
)
