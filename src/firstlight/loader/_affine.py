"""Where a rotated, scaled and sheared image is read."""

from __future__ import annotations

import torch
from jaxtyping import Float32
from torch import Tensor

__all__ = ["affine_matrices", "affine_places"]


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
    """Return where each new pixel's content lay, as planes of x and y in pixels from the middle.

    The identity matrix gives each pixel's own place.
    """
    y = torch.arange(height, device=matrices.device) - (height - 1) / 2
    x = torch.arange(width, device=matrices.device) - (width - 1) / 2
    along_x, along_y = matrices[:, :, 0, None] * x, matrices[:, :, 1, None] * y
    return along_x[:, :, None, :] + along_y[:, :, :, None]
