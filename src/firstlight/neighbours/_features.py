"""`FeatureSpace`: what makes numbers of images, so that near numbers mean like images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from numpy.typing import NDArray
from torch import Tensor, nn

from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset
from firstlight.neighbours._reduction import Reduction, principal_components

__all__ = ["FEATURE_COUNT", "FeatureSpace", "headless", "learned_features", "pixel_features"]

Rows = NDArray[np.float32]
FEATURE_COUNT = 50
_BLOCK = 1000


@dataclass(frozen=True, eq=False, repr=False)
class FeatureSpace:
    """How images become features; new images become features of the same space.

    Attributes
    ----------
    name
        ``"pixels"`` or ``"learned"``.
    image_shape
        Channels, height and width of the images that it takes.
    reduction
        The principal components of the pixels, or of what the network makes of them.
    network
        Of learned features: the network without its last layer, in evaluation mode.
    mean, std
        Of learned features: how the network wants its pixels normalised, a number a channel.
    """

    name: str
    image_shape: tuple[int, int, int]
    reduction: Reduction
    network: nn.Module | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()

    def __repr__(self) -> str:
        return f"FeatureSpace({self.name}, {len(self.reduction.explained)} numbers an image)"

    def of(self, images: UInt8[Tensor, "n c h w"]) -> Float32[Rows, "n m"]:
        """Return the features of images.

        Raises
        ------
        UsageError
            They are no uint8 images of the shape that this space was made from.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != self.image_shape or images.dtype != torch.uint8:
            raise UsageError(
                f"The images must be uint8 [n, {', '.join(map(str, self.image_shape))}]; "
                f"got {images.dtype} {list(images.shape)}."
            )
        return self.reduction.of(_pixels(images) if self.network is None else self._activations(images))

    def _activations(self, images: Tensor) -> Rows:
        assert self.network is not None
        return _activations(self.network, images, self.mean, self.std)


def pixel_features(*parts: ImageDataset, count: int = FEATURE_COUNT) -> tuple[Rows, FeatureSpace]:
    """Return the first principal components of the images' pixels, one part after the other.

    Pixels run from 0 to 1. It knows nothing of labels.

    Parameters
    ----------
    parts
        Splits of one data set.
    count
        How many components; fewer come back for tiny images.

    Returns
    -------
    features : numpy.ndarray
        float32 ``[n, count]``, n over all parts.
    space : FeatureSpace
        Gives the features of further images.

    Raises
    ------
    UsageError
        The parts differ in shape, or all images are equal.
    """
    images = _together(parts)
    reduction = _scaled(principal_components(_pixels(images), count))
    space = FeatureSpace("pixels", parts[0].image_shape, reduction)
    return space.of(images), space


def learned_features(
    train: ImageDataset,
    *others: ImageDataset,
    recipe: str = "cnn-fast",
    seed: int = 0,
    epochs: float | None = None,
    count: int = FEATURE_COUNT,
    on_event: Callable[[Any], None] | None = None,
) -> tuple[Rows, FeatureSpace]:
    """Return what a network computes just before its last layer, the network being trained on ``train`` only.

    The components that are kept are those of ``train`` too: nothing is learnt from the other parts, neither
    their labels nor their images.

    Parameters
    ----------
    train
        What the network is trained on.
    others
        Further splits, whose features are wanted as well.
    recipe
        One of a network that ends in a linear layer.
    seed
        Of the training.
    epochs
        ``None`` takes the recipe's own.
    count
        How many components.
    on_event
        Called with each `firstlight.training.Event`.

    Returns
    -------
    features : numpy.ndarray
        float32 ``[n, count]``, n over all parts in the order given.
    space : FeatureSpace
        Gives the features of further images.

    Raises
    ------
    UsageError
        The parts differ in shape, or the recipe's model does not end in a linear layer.
    """
    from firstlight.training import train as train_recipe

    images = _together((train, *others))
    looked_at = train.subset(range(min(len(train), 2)))  # `train` wants a test set; none is looked at here
    run = train_recipe(recipe, dataset=(train, looked_at), seed=seed, epochs=epochs, on_event=on_event)
    network = headless(run.model)
    activations = _activations(network, images, train.mean, train.std)
    reduction = principal_components(activations[: len(train)], count)
    space = FeatureSpace("learned", train.image_shape, reduction, network, train.mean, train.std)
    return reduction.of(activations), space


def headless(model: nn.Module) -> nn.Sequential:
    """Return a model of layers in a row without its last one."""
    layers = list(model.children())
    if not isinstance(model, nn.Sequential) or len(layers) < 2 or not isinstance(layers[-1], nn.Linear):
        raise UsageError(
            f"Learned features need a network of layers in a row that ends in nn.Linear; "
            f"{type(model).__name__} does not. Take the recipe cnn-fast."
        )
    return nn.Sequential(*layers[:-1]).eval()


def _together(parts: Sequence[ImageDataset]) -> Tensor:
    shapes = {part.image_shape for part in parts}
    if len(shapes) != 1:
        raise UsageError(f"The parts must hold images of one shape; got {sorted(shapes)}.")
    return parts[0].images if len(parts) == 1 else torch.cat([part.images for part in parts])


def _pixels(images: Tensor) -> NDArray[np.uint8]:
    return images.flatten(1).numpy()


def _scaled(reduction: Reduction) -> Reduction:
    """Take bytes where values from 0 to 1 are meant, so that no scaled copy of all pixels is made."""
    return Reduction(reduction.mean, reduction.directions / np.float32(255), reduction.explained)


def _activations(network: nn.Module, images: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Rows:
    centre = torch.tensor(mean).view(1, -1, 1, 1)
    spread = torch.tensor(std).view(1, -1, 1, 1)
    device = next(network.parameters()).device
    with torch.inference_mode():
        parts = [
            network(((block.float() / 255 - centre) / spread).to(device)).flatten(1).float().cpu()
            for block in torch.split(images, _BLOCK)
        ]
        return torch.cat(parts).numpy()
