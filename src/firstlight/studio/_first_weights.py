"""The weights of a network's first layer as pictures: what each unit or filter looks for."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["first_weights"]

MOST = 48  # pictures


@torch.no_grad()
def first_weights(
    model: nn.Module, image_shape: tuple[int, int, int], *, most: int = MOST
) -> Float[Tensor, "m h w"] | None:
    """Return the first pictures of the first layer that has weights, copied to the CPU.

    Of a linear layer over all pixels: each unit's weights where the pixels are. Of a convolution: each
    filter. Colours are averaged, since what is wanted is where, not which.

    Parameters
    ----------
    model
        A network.
    image_shape
        Channels, height and width of its images.
    most
        How many pictures at most.

    Returns
    -------
    Tensor or None
        ``None`` where the first layer looks at something else than pixels.

    Examples
    --------
    >>> first_weights(nn.Sequential(nn.Flatten(), nn.Linear(784, 20)), (1, 28, 28)).shape
    torch.Size([20, 28, 28])
    """
    channels, height, width = image_shape
    layer = next((one for one in model.modules() if isinstance(one, nn.Conv2d | nn.Linear)), None)
    if layer is None:
        return None
    weights = layer.weight[:most].detach().float().cpu()
    if isinstance(layer, nn.Linear):
        if layer.in_features != math.prod(image_shape):
            return None
        weights = weights.view(-1, channels, height, width)
    elif layer.in_channels == 4 * channels:  # blocks of 2 x 2 pixels made one place: put back as pixels
        weights = functional.pixel_shuffle(weights, 2)
    return weights.mean(dim=1)
