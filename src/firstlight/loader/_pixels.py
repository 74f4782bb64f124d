"""From bytes to numbers: the one place where uint8 becomes a float."""

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
    """``x * scale + offset`` per channel, written over the converted copy.

    Parameters
    ----------
    dtype
        Of the result; ``torch.uint8`` keeps the bytes as they are.
    scale, offset
        One number per channel, on the images' device; None gives ``x / 255``.
    grey_scale
        The one number of ``scale``, where there is only one channel.
    """

    dtype: torch.dtype
    scale: Float[Tensor, "c 1 1"] | None = None
    offset: Float[Tensor, "c 1 1"] | None = None
    grey_scale: float | None = None

    @classmethod
    def of(
        cls, dataset: ImageDataset, *, normalize: bool, dtype: torch.dtype, device: torch.device
    ) -> PixelScale:
        """Make the scale that turns the data set's bytes into ``(x / 255 - mean) / std``, or ``x / 255``."""
        if not normalize:
            return cls(dtype)
        scale = [1.0 / (255.0 * std) for std in dataset.std]
        offset = [-mean / std for mean, std in zip(dataset.mean, dataset.std, strict=True)]
        both = torch.tensor([scale, offset], dtype=_working(dtype)).to(device)
        grey_scale = scale[0] if len(scale) == 1 else None
        return cls(dtype, both[0].view(-1, 1, 1), both[1].view(-1, 1, 1), grey_scale)

    def __call__(self, images: UInt8[Tensor, "b c h w"]) -> Num[Tensor, "b c h w"]:
        """Convert; uint8 stays the very tensor it was."""
        if self.dtype == torch.uint8:
            return images.contiguous()
        x = images.to(_working(self.dtype), memory_format=torch.contiguous_format)
        return self._scaled(x).to(self.dtype)

    def _scaled(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Scale in place, in one pass over the memory."""
        if self.scale is None or self.offset is None:
            return x.div_(255)
        if self.grey_scale is not None:  # twice as quick as addcmul with a tensor of one number
            return torch.add(self.offset[0], x, alpha=self.grey_scale, out=x)
        return torch.addcmul(self.offset, x, self.scale, out=x)


def _working(dtype: torch.dtype) -> torch.dtype:
    """Half precision is rounded once, at the end."""
    return torch.float64 if dtype == torch.float64 else torch.float32
