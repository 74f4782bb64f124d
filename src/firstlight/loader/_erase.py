"""Black out a rectangle of each image, after Zhong et al. 2017, "Random Erasing Data Augmentation"."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float32, Int64, UInt8
from torch import Tensor

__all__ = ["erase_images", "erasing_boxes"]

# The paper's r1 and 1 / r1: how much wider than high a rectangle may be.
_ASPECTS = (0.3, 1 / 0.3)


def erasing_boxes(
    uniform: Float32[Tensor, "n 5"],
    *,
    height: int,
    width: int,
    area: tuple[float, float],
    probability: float,
) -> Int64[Tensor, "n 4"]:
    """Turn five uniform numbers an image into a rectangle, as ``top, left, bottom, right``.

    Departures from the paper: a rectangle that would stick out is made to fit, instead of being drawn again;
    the aspect ratio is uniform in its logarithm, so that lying and standing rectangles are as likely; and the
    rectangle is black instead of noise.

    Parameters
    ----------
    uniform
        In [0, 1): whether, area, aspect, top, left.
    height, width
        Of the images, in pixels.
    area
        Least and greatest share of the image, in (0, 1].
    probability
        Share of the images that get one; the others get an empty rectangle.
    """
    whether, size, aspect, top, left = uniform.unbind(1)
    pixels = (area[0] + (area[1] - area[0]) * size) * height * width
    ratio = (math.log(_ASPECTS[0]) + aspect * (math.log(_ASPECTS[1]) - math.log(_ASPECTS[0]))).exp()
    high = (pixels * ratio).sqrt().round().clamp(1, height)
    wide = (pixels / high).round().clamp(1, width)
    high = torch.where(wide == width, (pixels / width).round().clamp(1, height), high)
    erased = whether < probability
    high, wide = high * erased, wide * erased
    y, x = (top * (height - high + 1)).floor(), (left * (width - wide + 1)).floor()
    return torch.stack([y, x, y + high, x + wide], 1).long()


def erase_images(images: UInt8[Tensor, "n c h w"], boxes: Int64[Tensor, "n 4"]) -> UInt8[Tensor, "n c h w"]:
    """Set the pixels from (top, left) up to, but without, (bottom, right) to 0, in new memory."""
    n, _, h, w = images.shape
    rows = torch.arange(h, device=images.device)
    columns = torch.arange(w, device=images.device)
    top, left, bottom, right = boxes[:, :, None].unbind(1)
    # An image has rows of two kinds only, whole ones and cut ones. Picking each row's kind is far quicker
    # than combining rows and columns pixel by pixel.
    cut = ((columns < left) | (columns >= right)).to(torch.uint8) * 255
    kinds = torch.stack([torch.full_like(cut, 255), cut], 1).view(2 * n, w)
    inside = (rows >= top) & (rows < bottom)
    kind = inside + 2 * torch.arange(n, device=images.device)[:, None]
    return images & kinds.index_select(0, kind.view(-1)).view(n, 1, h, w)
