"""Rotation, size, shift of each answer against its image: least squares over affine maps."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

__all__ = ["Moves", "measured_moves"]

STEPS = 50
ANGLES = (-30.0, 0.0, 30.0)


@dataclass(frozen=True, eq=False)
class Moves:
    """What was done to each image.

    Attributes
    ----------
    degrees
        Rotation, positive against the clock.
    scale
        Factor of size, the geometric mean of both directions.
    shift
        Rows and columns, in pixels.
    rest
        Share of the answer's variation that is not explained.
    """

    degrees: Float[Tensor, " n"]
    scale: Float[Tensor, " n"]
    shift: Float[Tensor, "n 2"]
    rest: Float[Tensor, " n"]


def measured_moves(before: Float[Tensor, "n 1 h w"], after: Float[Tensor, "n 1 h w"]) -> Moves:
    """Fit an affine map of each image to its answer, blurred a little, from several angles to begin with."""
    source, target = _blurred(before), _blurred(after)
    n, best = len(before), None
    for angle in ANGLES:
        radians = torch.tensor(angle).deg2rad()
        start = torch.tensor([[radians.cos(), -radians.sin(), 0.0], [radians.sin(), radians.cos(), 0.0]])
        theta = start.repeat(n, 1, 1).requires_grad_()
        optimizer = torch.optim.Adam([theta], lr=0.03)
        for step in range(STEPS):
            optimizer.param_groups[0]["lr"] = 0.03 * (1 - step / STEPS) + 0.002
            loss = _rest(source, target, theta)
            optimizer.zero_grad()
            torch.autograd.backward(loss.sum())
            optimizer.step()
        with torch.no_grad():
            rest, found = _rest(source, target, theta), theta.detach()
        if best is None:
            best = (rest, found)
        else:
            is_less = rest < best[0]
            best = torch.where(is_less, rest, best[0]), torch.where(is_less[:, None, None], found, best[1])
    assert best is not None, "there are angles to begin with"
    rest, theta = best
    linear = theta[:, :, :2]
    determinant = torch.linalg.det(linear)
    # The map goes from the answer's places to the image's: what was done is its inverse.
    degrees = torch.atan2(linear[:, 0, 1] - linear[:, 1, 0], linear[:, 0, 0] + linear[:, 1, 1]).rad2deg()
    scale = determinant.abs().clamp(min=1e-6).rsqrt()
    moved = -torch.linalg.solve(linear, theta[:, :, 2:])[:, :, 0]
    shift = torch.stack([moved[:, 1], moved[:, 0]], dim=1) * before.shape[2] / 2
    return Moves(-degrees, scale, shift, rest)


def _rest(
    source: Float[Tensor, "n 1 h w"], target: Float[Tensor, "n 1 h w"], theta: Float[Tensor, "n 2 3"]
) -> Float[Tensor, " n"]:
    grid = functional.affine_grid(theta, list(source.shape), align_corners=False)
    moved = functional.grid_sample(source, grid, align_corners=False)
    spread = (target - target.mean((2, 3), keepdim=True)).square().mean((1, 2, 3)).clamp(min=1e-6)
    return (moved - target).square().mean((1, 2, 3)) / spread


def _blurred(images: Float[Tensor, "n 1 h w"]) -> Float[Tensor, "n 1 h w"]:
    line = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    images = functional.conv2d(images, line[None, None, :, None], padding=(2, 0))
    return functional.conv2d(images, line[None, None, None, :], padding=(0, 2))
