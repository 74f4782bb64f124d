"""Mean and standard deviation of pixels, in whole numbers until the last division."""

from __future__ import annotations

import math

import torch
from jaxtyping import UInt8
from torch import Tensor

from firstlight.datasets._spec import Statistics

__all__ = ["pixel_statistics"]

CHUNK_IMAGES = 4096  # keeps the widened copy of a chunk at some tens of MB


def pixel_statistics(images: UInt8[Tensor, "n c h w"]) -> Statistics:
    """Return mean and standard deviation of each channel, of the pixels scaled to [0, 1].

    Sums are whole numbers, so the answer is the same on every machine. The deviation is that of the
    population (divided by n). A channel of one single value gets the deviation 1, so that it can be
    divided by.

    Examples
    --------
    >>> pixel_statistics(torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1, 1))
    Statistics(mean=(0.5,), std=(0.5,))
    """
    total = torch.zeros(images.shape[1], dtype=torch.int64)
    squares = torch.zeros_like(total)
    for start in range(0, len(images), CHUNK_IMAGES):
        wide = images[start : start + CHUNK_IMAGES].to(torch.int32)
        total += wide.sum(dim=(0, 2, 3), dtype=torch.int64)
        squares += wide.square().sum(dim=(0, 2, 3), dtype=torch.int64)
    count = images.shape[0] * images.shape[2] * images.shape[3]
    mean = tuple(value / count / 255 for value in total.tolist())
    # n * sum(x^2) - sum(x)^2 in Python's own integers: nothing cancels.
    spread = [count * q - s * s for s, q in zip(total.tolist(), squares.tolist(), strict=True)]
    return Statistics(mean, tuple(math.sqrt(value) / count / 255 or 1.0 for value in spread))
