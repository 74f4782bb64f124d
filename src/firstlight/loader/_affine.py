"""Where a rotated, scaled and sheared image is read."""

from __future__ import annotations

import torch
from jaxtyping import Float32
from torch import Tensor

__all__ = ["affine_matrices", "affine_places", "from_middle"]


def affine_matrices(
    degrees: Float32[Tensor, " n"], scale: Float32[Tensor, " n"], shear_degrees: Float32[Tensor, " n"]
) -> Float32[Tensor, "n 2 2"]:
    """Return, for each image, the matrix that leads from a new pixel's place back to the old one.

    The image is sheared first, then scaled, then rotated, all about its middle.

    Parameters
    ----------
    degrees
        Counter-clockwise as one looks at the picture.
    scale
        Above 1 makes the content larger; above 0.
    shear_degrees
        By how much upright lines lean, the upper end to the right; between -90 and 90.

    Returns
    -------
    torch.Tensor
        For column vectors (x, y) in pixels from the middle, y pointing down.
    """
    angle, lean = degrees.deg2rad(), shear_degrees.deg2rad().tan()
    cos, sin = angle.cos() / scale, angle.sin() / scale
    # The inverse of rotate @ scale @ shear, written out; y points down, hence the signs.
    return torch.stack([cos + lean * sin, lean * cos - sin, sin, cos], -1).view(-1, 2, 2)


def affine_places(
    matrices: Float32[Tensor, "n 2 2"], height: int, width: int
) -> Float32[Tensor, "n 2 height width"]:
    """Return where each new pixel's content lay, as planes of x and y that run from -1 to 1, edge to edge.

    The identity matrix gives each pixel's own place.
    """
    rows = torch.tensor([[2 / width], [2 / height]], device=matrices.device)
    x, y = (matrices * rows).unbind(-1)
    along_x = x[:, :, None] * from_middle(width, matrices.device)
    along_y = y[:, :, None] * from_middle(height, matrices.device)
    return along_x[:, :, None, :] + along_y[:, :, :, None]


def from_middle(size: int, device: torch.device) -> Float32[Tensor, " size"]:
    """Return the distance of each pixel of a row from its middle."""
    return torch.arange(size, device=device) - (size - 1) / 2
