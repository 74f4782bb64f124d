"""Read images at places between the pixels."""

from __future__ import annotations

from typing import Literal

import torch
from jaxtyping import Float32, UInt8
from torch import Tensor
from torch.nn.functional import grid_sample

__all__ = ["warp_images"]


def warp_images(
    images: UInt8[Tensor, "n c h w"],
    places: Float32[Tensor, "n 2 h w"],
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
) -> UInt8[Tensor, "n c h w"]:
    """Give each pixel what lies at its place in the old image; black outside, rounded to bytes.

    Parameters
    ----------
    images
        Any number of channels; all are read at the same places.
    places
        x and y, from -1 at one edge of the image to 1 at the other. Each pixel's own place gives back the
        image bit for bit.
    interpolation
        Bilinear, or the content of the nearest pixel.
    """
    # x and y stay in planes of their own: grid_sample reads those quickly, and all else is quicker on planes.
    grid = places.movedim(1, -1)
    read = grid_sample(images.float(), grid, interpolation, padding_mode="zeros", align_corners=False)
    return read.round_().to(torch.uint8)
