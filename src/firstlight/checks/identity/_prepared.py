"""Ways in which a pipeline may have changed the size of its pictures, tried on the data set's own images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import torch
from jaxtyping import Float, Shaped
from torch import Tensor
from torch.nn import functional

from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._turns import Turn

__all__ = ["Preparation", "Sizing", "plan_of", "preparations", "prepared"]

DIRECTIONS = 64
CHUNK = 4_096

Sizing: TypeAlias = Literal[
    "none",
    "bilinear",
    "bilinear-smooth",
    "bilinear-corners",
    "bicubic",
    "bicubic-smooth",
    "area",
    "nearest",
    "cut",
]


@dataclass(frozen=True)
class Preparation:
    """What is done to the data set's images before pictures are held against them.

    Attributes
    ----------
    sizing
        How they are brought to the pictures' size (and back to their own, for the comparison).
    canvas
        Height and width of the pictures.
    is_centred
        Whether the ink of both is moved to the middle.
    """

    sizing: Sizing
    canvas: tuple[int, int]
    is_centred: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """All images of a data set as vectors, and the directions in which they vary most."""

    looks: Float[Tensor, "n pixels"]
    directions: Float[Tensor, "pixels d"]
    short: Float[Tensor, "n d"]


def preparations(atlas: Atlas, canvas: tuple[int, int]) -> tuple[Preparation, ...]:
    """Return what may have been done to images that now have this size."""
    height, width = atlas.images.shape[2:]
    sizings: tuple[Sizing, ...] = ("none",)
    if canvas != (height, width):
        sizings = (
            "bilinear",
            "bilinear-smooth",
            "bilinear-corners",
            "bicubic",
            "bicubic-smooth",
            "area",
            "nearest",
        )
    if canvas[0] < height or canvas[1] < width:
        sizings = (*sizings, "cut")
    centred = (False, True) if atlas.is_grey else (False,)
    return tuple(Preparation(sizing, canvas, one) for sizing in sizings for one in centred)


def prepared(
    images: Shaped[Tensor, "n c h w"], atlas: Atlas, preparation: Preparation
) -> Float[Tensor, "n pixels"]:
    """Return pictures as vectors without mean and of length 1, at the data set's size."""
    parts = []
    for part in torch.split(images, CHUNK):
        part = _of_size(_of_channels(part.float(), atlas), atlas, preparation)
        if atlas.is_grey:
            part = _dark(part)
            part = _centred(part) if preparation.is_centred else part
        flat = part.reshape(len(part), -1)
        flat = flat - flat.mean(1, keepdim=True)
        parts.append(flat / flat.norm(dim=1, keepdim=True).clamp(min=1e-12))
    return torch.cat(parts)


def likened(
    images: Shaped[Tensor, "n c h w"], atlas: Atlas, preparation: Preparation
) -> Float[Tensor, "n pixels"]:
    """Return images of the data set as they would look if they had gone through the pipeline's sizing."""
    return torch.cat(
        [
            prepared(_sized(part.float(), preparation), atlas, preparation)
            for part in torch.split(images, CHUNK)
        ]
    )


@lru_cache(maxsize=3)
def plan_of(atlas: Atlas, preparation: Preparation) -> Plan:
    """Prepare all images of a data set."""
    parts = [likened(part, atlas, preparation).half() for part in torch.split(atlas.images, CHUNK)]
    seen = torch.cat(parts)
    sample = seen[:: max(1, len(seen) // 4_000)].float()
    # The greatest eigenvectors of the pixels' covariances.
    _, vectors = torch.linalg.eigh((sample.T @ sample).double())
    directions = vectors[:, -DIRECTIONS:].float()
    return Plan(seen, directions, torch.cat([part.float() @ directions for part in parts]))


def unturned(images: Shaped[Tensor, "n c h w"], turn: Turn) -> Shaped[Tensor, "n c h2 w2"]:
    """Undo a turn of all."""
    return turn.undo(images)


def _sized(images: Float[Tensor, "n c h w"], preparation: Preparation) -> Float[Tensor, "n c h2 w2"]:
    sizing, (height, width) = preparation.sizing, preparation.canvas
    if sizing == "none" or images.shape[2:] == (height, width):
        return images
    if sizing == "cut":
        return _cut_or_padded(images, height, width)
    if sizing in ("area", "nearest"):
        return functional.interpolate(images, size=(height, width), mode=sizing)
    mode, _, detail = sizing.partition("-")
    return functional.interpolate(
        images,
        size=(height, width),
        mode=mode,
        align_corners=detail == "corners",
        antialias=detail == "smooth",
    )


def _of_channels(images: Float[Tensor, "n c h w"], atlas: Atlas) -> Float[Tensor, "n c2 h w"]:
    channels = atlas.images.shape[1]
    if images.shape[1] == channels:
        return images
    return images.mean(1, keepdim=True).expand(-1, channels, -1, -1)


def _of_size(
    images: Float[Tensor, "n c h w"], atlas: Atlas, preparation: Preparation
) -> Float[Tensor, "n c h2 w2"]:
    """Bring pictures back to the data set's size; pictures and images go through the same."""
    height, width = atlas.images.shape[2:]
    if images.shape[2:] == (height, width):
        return images
    if preparation.sizing == "cut":
        return _cut_or_padded(images, height, width)
    return functional.interpolate(
        images, size=(height, width), mode="bilinear", antialias=True, align_corners=False
    )


def _cut_or_padded(images: Float[Tensor, "n c h w"], height: int, width: int) -> Float[Tensor, "n c h2 w2"]:
    """Cut the middle out, or pad around with the value of the corner."""
    down, across = height - images.shape[2], width - images.shape[3]
    top, left = down // 2 if down >= 0 else -(-down // 2), across // 2 if across >= 0 else -(-across // 2)
    corner = float(images[:, :, 0, 0].median())
    return functional.pad(images, (left, across - left, top, down - top), value=corner)


def _dark(images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
    """Make pictures with a bright border dark."""
    border = torch.cat([images[:, :, 0], images[:, :, -1], images[..., 0], images[..., -1]], dim=2)
    is_bright = (border.median(2).values > images.mean((2, 3)))[..., None, None]
    return torch.where(is_bright, -images, images)


def _centred(images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
    """Roll each picture so that the centre of mass of what is brighter than its mean lies in the middle."""
    n, _, h, w = images.shape
    ink = (images - images.mean((2, 3), keepdim=True)).clamp(min=0).sum(1)
    total = ink.sum((1, 2)).clamp(min=1e-12)
    y = (ink.sum(2) @ torch.arange(h, dtype=ink.dtype)) / total
    x = (ink.sum(1) @ torch.arange(w, dtype=ink.dtype)) / total
    down, across = (y - (h - 1) / 2).round().long(), (x - (w - 1) / 2).round().long()
    rows = (torch.arange(h)[None] + down[:, None]) % h
    columns = (torch.arange(w)[None] + across[:, None]) % w
    moved = images.gather(2, rows[:, None, :, None].expand(n, images.shape[1], h, w))
    return moved.gather(3, columns[:, None, None, :].expand(n, images.shape[1], h, w))
