"""What a layer may ask of the loop that trains it: a look at the images, and word of each epoch."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

__all__ = ["EpochAware", "Preparable"]


@runtime_checkable
class Preparable(Protocol):
    """A layer that is computed from training images before the first step."""

    def prepare(self, images: Float[Tensor, "n c h w"]) -> None:
        """Take what is needed from normalised images, on the layer's device."""
        ...


@runtime_checkable
class EpochAware(Protocol):
    """A layer that changes how it is trained from epoch to epoch."""

    def epoch_started(self, epoch: int) -> None:
        """Get ready for the steps of that epoch, counted from 0; may be called again within it."""
        ...
