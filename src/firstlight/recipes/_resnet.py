"""A wide residual network for Fashion-MNIST and CIFAR-10. Not measured: made for a GPU, and none was at hand.

Not tuned here either. Zagoruyko and Komodakis 2016, arXiv 1605.07146, train such networks by SGD at 0.1 with
momentum 0.9 and decay 0.0005 for 200 epochs, in steps; this is the same along one ramp of 30 epochs.
"""

from __future__ import annotations

from functools import partial

from firstlight.loader import Augment
from firstlight.models import WideResNet
from firstlight.recipes._optimizers import SGDSettings
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._schedules import Triangle

__all__ = ["RESNET_RECIPE"]

RESNET_RECIPE = Recipe(
    name="resnet",
    summary="WRN-16-4: sixteen layers of residual blocks. For a GPU.",
    model=partial(WideResNet, depth=16, width=4),
    epochs=30,
    batch_size=128,
    optimizer=SGDSettings(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.0005),
    schedule=Triangle(warmup=0.15),
    augment=Augment(shift=4, flip=True),
    channels_last=True,
)
