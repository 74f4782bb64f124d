"""Mean and standard deviation of pixels, exact until the last division."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import UInt8
from torch import Tensor

__all__ = ["Statistics", "pixel_statistics"]

CHUNK_IMAGES = 512  # a widened chunk stays in the processor's cache


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of each channel of the train pixels, scaled to [0, 1]."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


def pixel_statistics(images: UInt8[Tensor, "n c h w"]) -> Statistics:
    """Return mean and standard deviation of each channel, of the pixels scaled to [0, 1].

    All sums are whole numbers below 2**53, which float64 holds exactly, so the answer is the same on every
    machine. The deviation is that of the population (divided by n). A channel of one single value gets the
    deviation 1, so that it can be divided by.

    Parameters
    ----------
    images
        ``[n, c, h, w]``, uint8.

    Returns
    -------
    Statistics
        One mean and one deviation a channel.

    Examples
    --------
    >>> pixel_statistics(torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1, 1))
    Statistics(mean=(0.5,), std=(0.5,))
    """
    channels = [_channel_statistics(images[:, channel]) for channel in range(images.shape[1])]
    return Statistics(tuple(mean for mean, _ in channels), tuple(std for _, std in channels))


def _channel_statistics(images: UInt8[Tensor, "n h w"]) -> tuple[float, float]:
    count, total, squares = images.numel(), 0, 0
    for start in range(0, len(images), CHUNK_IMAGES):
        wide = images[start : start + CHUNK_IMAGES].reshape(-1).double()
        total += int(wide.sum())
        squares += int(torch.dot(wide, wide))
    # Python's whole numbers: n * sum(x^2) - sum(x)^2 loses nothing, sum(x^2)/n - mean^2 would.
    return total / count / 255, math.sqrt(count * squares - total * total) / count / 255 or 1.0
