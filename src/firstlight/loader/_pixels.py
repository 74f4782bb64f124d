"""Bytes to numbers: the one place where uint8 becomes a float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Num, UInt8
from torch import Tensor

if TYPE_CHECKING:
    from firstlight.datasets import ImageDataset

__all__ = ["PixelScale"]


@dataclass(frozen=True, eq=False)
class PixelScale:
    """``x * scale + offset`` per channel, in one pass, written over the converted copy.

    Parameters
    ----------
    dtype
        Of the result; ``torch.uint8`` keeps the bytes as they are.
    scale
        One number per channel; none at all gives ``x / 255``.
    offset
        As many, already on the images' device.
    """

    dtype: torch.dtype
    scale: tuple[float, ...] = ()
    offset: Float[Tensor, "c 1 1"] | None = None

    @classmethod
    def of(
        cls, dataset: ImageDataset, *, normalize: bool, dtype: torch.dtype, device: torch.device
    ) -> PixelScale:
        """Make the scale that turns the data set's bytes into ``(x / 255 - mean) / std``, or ``x / 255``."""
        if not normalize:
            return cls(dtype)
        scale = tuple(1.0 / (255.0 * std) for std in dataset.std)
        offset = [-mean / std for mean, std in zip(dataset.mean, dataset.std, strict=True)]
        return cls(dtype, scale, torch.tensor(offset, dtype=_working(dtype)).view(-1, 1, 1).to(device))

    def __call__(self, images: UInt8[Tensor, "b c h w"]) -> Num[Tensor, "b c h w"]:
        """Convert; uint8 stays the very tensor it was."""
        if self.dtype == torch.uint8:
            return images.contiguous()
        x = images.to(_working(self.dtype), memory_format=torch.contiguous_format)
        if self.offset is None:
            x.div_(255)
        else:
            # One channel at a time, because a number as factor costs one pass where a tensor would cost two.
            for channel, scale in enumerate(self.scale):
                part = x[:, channel]
                torch.add(self.offset[channel], part, alpha=scale, out=part)
        return x.to(self.dtype)


def _working(dtype: torch.dtype) -> torch.dtype:
    """Half precision is rounded once, at the end."""
    return torch.float64 if dtype == torch.float64 else torch.float32
