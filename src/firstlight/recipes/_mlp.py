"""The three-layer network.

Claim: measured by ``python -m benchmarks.article``; see ``claims`` below.

Settings chosen on the canonical 55,000/5,000 split of MNIST's training images, never on the test set.
"""

from __future__ import annotations

from functools import partial

from firstlight.models import MLP
from firstlight.recipes._recipe import AdamWSettings, Recipe

__all__ = ["MLP_RECIPE"]

MLP_RECIPE = Recipe(
    name="mlp",
    summary="Three linear layers (256, 128, classes) with ReLU.",
    model=partial(MLP, hidden=(256, 128)),
    epochs=4,
    batch_size=384,
    optimizer=AdamWSettings(learning_rate=0.009, betas=(0.9, 0.95)),
    warmup=0.3,
    label_smoothing=0.05,
)
