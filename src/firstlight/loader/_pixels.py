"""Bytes to numbers: the one place where uint8 becomes a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Num, UInt8
from torch import Tensor

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
    def normalising(
        cls, mean: Sequence[float], std: Sequence[float], *, dtype: torch.dtype, device: torch.device
    ) -> PixelScale:
        """Make the scale that turns bytes into ``(x / 255 - mean) / std``."""
        offset = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], dtype=_working(dtype))
        return cls(dtype, tuple(1.0 / (255.0 * s) for s in std), offset.view(-1, 1, 1).to(device))

    def __call__(self, images: UInt8[Tensor, "b c h w"]) -> Num[Tensor, "b c h w"]:
        """Return new memory, except that uint8 stays the very tensor it was."""
        if self.dtype == torch.uint8:
            return images
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
