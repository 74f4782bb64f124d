"""Three linear layers at their best: no convolution, no ensemble. Not measured yet.

Settings chosen on the canonical 55,000/5,000 split of MNIST's training images, never on the test set.
"""

from __future__ import annotations

from functools import partial

from firstlight.loader import Augment
from firstlight.models import MLP
from firstlight.recipes._optimizers import AdamWSettings
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._schedules import Triangle

__all__ = ["MLP_BEST_RECIPE"]

MLP_BEST_RECIPE = Recipe(
    name="mlp-best",
    summary="Three linear layers (1024, 512, classes) with BatchNorm, fifteen epochs of varied images.",
    model=partial(MLP, hidden=(1024, 512), norm=True),
    epochs=15,
    batch_size=256,
    optimizer=AdamWSettings(learning_rate=0.006, betas=(0.9, 0.95)),
    schedule=Triangle(warmup=0.2),
    label_smoothing=0.05,
    augment=Augment(rotate=8, scale=(0.92, 1.08), shift=1, elastic=(15.0, 4.0)),
)
