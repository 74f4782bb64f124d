"""How the three networks of An et al. 2020 are trained: arXiv 2008.10400, github.com/ansh941/MnistSimpleCNN.

In each epoch every image is turned within 20 degrees (nearest pixel), then moved by up to a fifth of its
size, black coming in. All 60,000 images, Adam at 0.001 times 0.98 after each epoch, batches of 120, 150
epochs, no smoothing. The average of the weights is judged, with the running statistics of BatchNorm as they
are. Two departures: the last epoch is the result (the paper's choice, the epoch that does best on the test
set, is made in ``records/`` only), and products are bfloat16 where the processor or GPU multiplies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from firstlight.loader import Augment
from firstlight.models import SimpleCNN
from firstlight.recipes._averaging import EMASettings
from firstlight.recipes._optimizers import AdamWSettings
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._schedules import Exponential

__all__ = ["paper_recipe"]


def paper_recipe(name: str, summary: str, *, kernel: int, channels: Sequence[int]) -> Recipe:
    """Return the recipe of one of the paper's networks."""
    return Recipe(
        name=name,
        summary=summary,
        model=partial(SimpleCNN, kernel=kernel, channels=tuple(channels)),
        epochs=150,
        batch_size=120,
        optimizer=AdamWSettings(learning_rate=0.001, betas=(0.9, 0.999)),
        schedule=Exponential(decay=0.98),
        # Their code rounds a uniform number within 0.2 * 28 = 5.6 pixels: 6 comes up a tenth as often as 5.
        augment=Augment(rotate=20, interpolation="nearest", shift=5.1),
        averaging=EMASettings(decay=0.999),
        channels_last=True,
    )
