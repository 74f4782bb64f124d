"""From an array of images in whatever layout to [n, c, h, w]."""

from __future__ import annotations

import math

from jaxtyping import Shaped
from torch import Tensor

__all__ = ["laid_out", "layout_name"]

CHANNELS = (1, 3, 4)
NCHW, NHW, FLAT = 4, 3, 2


def layout_name(shape: tuple[int, ...]) -> str:
    """Say how the axes of a batch of this shape lie.

    Examples
    --------
    >>> layout_name((64, 1, 28, 28)), layout_name((64, 28, 28, 1)), layout_name((64, 784))
    ('nchw', 'nhwc', 'flat')
    """
    if len(shape) == NCHW:
        is_last = shape[3] in CHANNELS and (shape[1] not in CHANNELS or shape[1] == shape[2])
        return "nhwc" if is_last else "nchw"
    if len(shape) == NHW:
        return "nhw"
    return "flat" if len(shape) == FLAT else "other"


def laid_out(images: Shaped[Tensor, ...]) -> Shaped[Tensor, "n c h w"]:
    """Return images with their axes in our order; what is no picture becomes one line of pixels."""
    name = layout_name(tuple(images.shape))
    if name == "nchw":
        return images
    if name == "nhwc":
        return images.permute(0, 3, 1, 2)
    if name == "nhw":
        return images.unsqueeze(1)
    flat = images.reshape(len(images), -1)
    for channels in (1, 3):
        side = math.isqrt(flat.shape[1] // channels)
        if side > 1 and channels * side * side == flat.shape[1]:
            return flat.reshape(len(flat), channels, side, side)
    return flat[:, None, None, :]
