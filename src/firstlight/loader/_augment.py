"""Settings for augmentation, and the one place where its steps are put together."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

import torch
from jaxtyping import Float32, Int64, UInt8
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.loader._affine import affine_matrices, affine_places
from firstlight.loader._draws import Draws
from firstlight.loader._elastic import elastic_field
from firstlight.loader._erase import erase_images, erasing_boxes
from firstlight.loader._flip import flip_images
from firstlight.loader._shift import shift_images, shift_reflected
from firstlight.loader._warp import warp_images

__all__ = ["Augment", "augment_images"]

# A warp makes many numbers for each pixel; those of so many images still lie in the cache of one core.
_CPU_WARP_IMAGES = 256


@dataclass(frozen=True, kw_only=True)
class Augment:
    """How images are varied anew in every epoch. The default varies nothing, bit for bit.

    Each image gets a draw of its own. The steps run in this order: flip, elastic and affine (in one go, so
    that pixels are interpolated once), shift, erase. What comes in from outside is black, save where
    ``shift_fill`` says otherwise. Images go in and come out as uint8, before they are normalised.

    Parameters
    ----------
    shift
        Whole pixels, down and across independently, each uniform from -shift to shift. With a fraction, one
        pixel more comes up that fraction as often as the others: 5.1 rounds a uniform number within 5.6.
    shift_fill
        What comes in at the edge of a shifted image: ``"black"``, or its own mirror image (``"reflect"``).
    rotate
        Degrees, uniform from -rotate to rotate.
    scale
        Least and greatest factor, uniform between them, the same for both directions.
    shear
        Degrees by which upright lines lean, uniform from -shear to shear; less than 90.
    elastic
        ``(alpha, sigma)`` of Simard 2003, in pixels; alpha 0 is none.
    interpolation
        How content that lay between pixels is read, by all of the above: ``"bilinear"``, or ``"nearest"`` for
        that of the nearest pixel.
    erase
        Least and greatest share of the image that one black rectangle covers; ``(0, 0)`` is none.
    erase_probability
        Share of the images that get such a rectangle.
    flip
        Mirror every other image, at random, left to right. Not for digits. ``"alternate"``: chosen at random
        in the first epoch, and the other ones in each next (Jordan 2024, arXiv 2404.00498, section 3.6).

    Raises
    ------
    UsageError
        A setting out of its range.

    Examples
    --------
    >>> Augment(shift=2, rotate=10).is_identity
    False
    >>> Augment().is_identity
    True
    """

    shift: float = 0
    shift_fill: Literal["black", "reflect"] = "black"
    rotate: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    shear: float = 0.0
    elastic: tuple[float, float] = (0.0, 4.0)
    interpolation: Literal["bilinear", "nearest"] = "bilinear"
    erase: tuple[float, float] = (0.0, 0.0)
    erase_probability: float = 1.0
    flip: bool | Literal["alternate"] = False

    def __post_init__(self) -> None:
        _check_number("shift", self.shift, 0, 1000)
        if self.shift_fill not in ("black", "reflect"):
            raise UsageError(f"shift_fill is 'black' or 'reflect'; got {self.shift_fill!r}.")
        _check_number("rotate", self.rotate, 0, 180)
        _check_number("shear", self.shear, 0, 89)
        _check_pair("scale", self.scale, 0.01, 100)
        _check_elastic(self.elastic)
        if self.interpolation not in ("bilinear", "nearest"):
            raise UsageError(f"interpolation is 'bilinear' or 'nearest'; got {self.interpolation!r}.")
        _check_pair("erase", self.erase, 0, 1)
        _check_number("erase_probability", self.erase_probability, 0, 1)
        if not isinstance(self.flip, bool) and self.flip != "alternate":
            raise UsageError(f"flip is True, False or 'alternate'; got {self.flip!r}.")

    @property
    def is_identity(self) -> bool:
        """Whether no image is ever changed."""
        return not (self.shift or self.flip or self.is_warping or self.is_erasing)

    @property
    def is_warping(self) -> bool:
        """Whether images are read between the pixels, which costs most."""
        return bool(self.rotate or self.shear or self.elastic[0]) or self.scale != (1, 1)

    @property
    def is_erasing(self) -> bool:
        """Whether any image gets a black rectangle."""
        return self.erase[1] > 0 and self.erase_probability > 0

    def to_dict(self) -> dict[str, object]:
        """Return the settings as plain values, to be written down and compared."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def augment_images(
    images: UInt8[Tensor, "n c h w"], augment: Augment, *, seed: int = 0, epoch: int = 0, first: int = 0
) -> UInt8[Tensor, "n c h w"]:
    """Vary a stack of images as `batches` would vary those at the places first, first + 1, ... of an epoch.

    Parameters
    ----------
    images
        uint8, on any device.
    augment
        What to do.
    seed, epoch
        Which draw; the same two give the same images.
    first
        Place of the first image in the epoch.

    Returns
    -------
    torch.Tensor
        uint8, of the same shape; the argument is left alone, and handed back if `augment` changes nothing.

    Examples
    --------
    >>> dots = torch.zeros(3, 1, 28, 28, dtype=torch.uint8)
    >>> dots[:, :, 14, 14] = 255
    >>> moved = augment_images(dots, Augment(shift=2), seed=1)
    >>> (moved == 255).sum().item()
    3
    """
    if images.dtype != torch.uint8 or images.ndim != 4:
        raise UsageError(f"Images are uint8 [n, c, h, w]; got {images.dtype} {list(images.shape)}.")
    check_augment(augment, height=images.shape[2], width=images.shape[3])
    return apply_augment(images, augment, Draws(seed, epoch, first, len(images), device=images.device))


def check_augment(augment: Augment, *, height: int, width: int) -> Augment:
    """Return the settings if they make sense for images of that size."""
    if not isinstance(augment, Augment):
        raise UsageError(f"augment is made by firstlight.loader.Augment(...); got {augment!r}.")
    if (most := _farthest(augment)) >= min(height, width):
        raise UsageError(
            f"A shift of up to {most} pixels moves an image of {height} x {width} out of sight. "
            f"Use at most {min(height, width) - 1}."
        )
    return augment


def apply_augment(
    images: UInt8[Tensor, "n c h w"], augment: Augment, draws: Draws
) -> UInt8[Tensor, "n c h w"]:
    """Run the steps that the settings ask for."""
    if augment.flip == "alternate":
        images = flip_images(images, (draws.of_images("flip") < 0.5) != bool(draws.epoch % 2))
    elif augment.flip:
        images = flip_images(images, draws.uniform("flip", 1)[:, 0] < 0.5)
    if augment.is_warping:
        images = _warped(images, augment, draws)
    if augment.shift:
        shifted = shift_reflected if augment.shift_fill == "reflect" else shift_images
        images = shifted(images, _shift_offsets(augment, draws), most=_farthest(augment))
    if augment.is_erasing:
        boxes = erasing_boxes(
            draws.uniform("erase", 5),
            height=images.shape[2],
            width=images.shape[3],
            area=augment.erase,
            probability=augment.erase_probability,
        )
        images = erase_images(images, boxes)
    return images


def _farthest(augment: Augment) -> int:
    """Return the pixels by which an image is shifted at most."""
    return math.ceil(augment.shift)


def _shift_offsets(augment: Augment, draws: Draws) -> Int64[Tensor, "n 2"]:
    most = _farthest(augment)
    return (draws.uniform("shift", 2) * (2 * augment.shift + 1) + (most - augment.shift)).long() - most


def _warped(images: UInt8[Tensor, "n c h w"], augment: Augment, draws: Draws) -> UInt8[Tensor, "n c h w"]:
    """Rotate, scale, shear and distort in one go, a few images at a time."""
    matrices = affine_matrices(
        draws.between("rotate", -augment.rotate, augment.rotate),
        draws.between("scale", *augment.scale),
        draws.between("shear", -augment.shear, augment.shear),
    )
    size = _CPU_WARP_IMAGES if images.device.type == "cpu" else len(images)
    warped = torch.empty_like(images)
    for start in range(0, len(images), size):
        few = slice(start, start + size)
        places = affine_places(matrices[few], *images.shape[2:])
        if augment.elastic[0]:
            places += _elastic_places(augment, draws.part(start, start + size), *images.shape[2:])
        warped[few] = warp_images(images[few], places, augment.interpolation)
    return warped


def _elastic_places(augment: Augment, draws: Draws, height: int, width: int) -> Float32[Tensor, "n 2 h w"]:
    """By how much each pixel's content moves, in the units of `affine_places`."""
    alpha, sigma = augment.elastic
    noise = draws.signed("elastic", 2 * height * width).view(-1, 2, height, width)
    noise *= torch.tensor([2 / width, 2 / height], device=noise.device).view(2, 1, 1)
    return elastic_field(noise, alpha=alpha, sigma=sigma)


def _check_number(name: str, value: float, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise UsageError(f"{name} is a number from {least} to {most}; got {value!r}.")


def _check_pair(name: str, pair: tuple[float, float], least: float, most: float) -> None:
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise UsageError(f"{name} is a pair (least, greatest); got {pair!r}.")
    for value in pair:
        _check_number(name, value, least, most)
    if pair[0] > pair[1]:
        raise UsageError(f"{name} is a pair (least, greatest); got {pair!r}, the greater one first.")


def _check_elastic(pair: tuple[float, float]) -> None:
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise UsageError(f"elastic is a pair (alpha, sigma); got {pair!r}.")
    alpha, sigma = pair
    if any(isinstance(v, bool) or not isinstance(v, (int, float)) or not math.isfinite(v) for v in pair):
        raise UsageError(f"elastic is a pair of numbers (alpha, sigma); got {pair!r}.")
    if alpha < 0 or sigma <= 0:
        raise UsageError(f"elastic is (alpha, sigma) with alpha at least 0 and sigma above 0; got {pair!r}.")
