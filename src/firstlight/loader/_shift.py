"""Move images by whole pixels, at the price of a copy."""

from __future__ import annotations

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor

__all__ = ["shift_images", "shift_reflected"]


def shift_images(
    images: UInt8[Tensor, "n c h w"], offsets: Int64[Tensor, "n 2"], *, most: int
) -> UInt8[Tensor, "n c h w"]:
    """Move each image by its own offset; what comes in at the edge is black.

    Parameters
    ----------
    images
        Larger than ``most`` both ways.
    offsets
        Rows down and columns to the right, in pixels, each from -most to most.
    most
        The farthest any image moves, in pixels; it decides how much black is put around.

    Returns
    -------
    torch.Tensor
        New memory.
    """
    n, c, h, w = images.shape
    edge = (most + 1) * w
    padded = images.new_zeros(n * c, edge + h * w + edge)
    padded[:, edge : edge + h * w] = images.reshape(n * c, h * w)
    # A moved image is one unbroken stretch of memory that begins earlier or later, except that columns pushed
    # out on one side come in again on the other. So: pick stretches, then black out those columns.
    length = padded.shape[1]
    stretches = padded.as_strided((n * c * length - h * w + 1, h * w), (1, 1))
    starts = torch.arange(n * c, device=images.device) * length + edge
    back = offsets[:, 0] * w + offsets[:, 1]
    moved = stretches.index_select(0, starts - back.repeat_interleave(c))
    kept = _kept_columns(h, w, most, images.device).index_select(0, offsets[:, 1] + most)
    return (moved.view(n, c, h * w) & kept[:, None]).view(n, c, h, w)


def shift_reflected(
    images: UInt8[Tensor, "n c h w"], offsets: Int64[Tensor, "n 2"], *, most: int
) -> UInt8[Tensor, "n c h w"]:
    """Move each image by its own offset, as `shift_images`, but the image mirrored at its edge comes in.

    The edge pixels themselves are not repeated, as in ``numpy.pad(mode="reflect")``.
    """
    n, _, h, w = images.shape
    rows, columns = (_mirrored(size, most, images.device) for size in (h, w))
    padded = images.index_select(2, rows).index_select(3, columns)
    # A view of all (2 most + 1)^2 places at which an image may be cut out; one of them is copied.
    places = padded.unfold(2, h, 1).unfold(3, w, 1)
    down, right = (most - offsets).unbind(1)
    return places[torch.arange(n, device=images.device), :, down, right]


def _mirrored(size: int, most: int, device: torch.device) -> Int64[Tensor, " padded"]:
    """Return the places 0 to size - 1, and before and after them ``most`` places going back."""
    inner = torch.arange(-most, size + most, device=device).abs()
    return inner.minimum(2 * (size - 1) - inner)


def _kept_columns(h: int, w: int, most: int, device: torch.device) -> UInt8[Tensor, "moves pixels"]:
    """For each move to the right, from -most to most: 255 where a pixel came from inside, else 0."""
    came_from = torch.arange(w, device=device) - torch.arange(-most, most + 1, device=device)[:, None]
    inside = ((came_from >= 0) & (came_from < w)).to(torch.uint8) * 255
    return inside.repeat(1, h)
