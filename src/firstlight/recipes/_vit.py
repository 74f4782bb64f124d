"""A small vision transformer. Not measured yet.

Settings chosen on the canonical 55,000/5,000 split of MNIST's training images, never on the test set.
"""

from __future__ import annotations

from functools import partial

from firstlight.loader import Augment
from firstlight.models import ViT
from firstlight.recipes._optimizers import AdamWSettings
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._schedules import Cosine

__all__ = ["VIT_RECIPE"]

VIT_RECIPE = Recipe(
    name="vit",
    summary="A transformer of six blocks over 49 patches of 4 x 4 pixels.",
    model=partial(ViT, patch=4, width=64, depth=6, heads=4),
    epochs=4,
    batch_size=128,
    optimizer=AdamWSettings(learning_rate=0.002, betas=(0.9, 0.95), weight_decay=0.05),
    schedule=Cosine(warmup=0.1),
    label_smoothing=0.05,
    augment=Augment(shift=2),
)
