"""Which layers of a model ask for something: a look at the images, word of each epoch."""

from __future__ import annotations

import torch
from torch import nn

from firstlight._seeds import derived_seed
from firstlight.datasets import ImageDataset
from firstlight.loader import batches
from firstlight.models import EpochAware, Preparable

__all__ = ["epoch_aware", "prepare_layers"]

# As many as the airbench recipes take.
_IMAGES = 5000


def prepare_layers(model: nn.Module, train: ImageDataset, *, seed: int, device: torch.device) -> None:
    """Show 5,000 training images, drawn by the seed and normalised, to each layer that wants to see some.

    Parameters
    ----------
    model
        Already on the device; only layers that are `Preparable` change.
    train
        The images to learn from.
    seed
        Decides which images.
    device
        Where the model is.
    """
    layers = [layer for layer in model.modules() if isinstance(layer, Preparable)]
    if layers:
        # Drawn, not the first ones: a data set may be sorted by class.
        drawn = batches(
            train, min(_IMAGES, len(train)), shuffle=True, seed=derived_seed(seed, "prepare"), device=device
        )
        images, _ = next(iter(drawn))
        for layer in layers:
            layer.prepare(images)


def epoch_aware(model: nn.Module) -> list[EpochAware]:
    """Return the layers that want to hear of each epoch."""
    return [layer for layer in model.modules() if isinstance(layer, EpochAware)]
