"""Simulated drawings: a data set's digits as somebody might draw them on a canvas of 280 x 280 pixels.

Each digit is enlarged smoothly and cut at half its brightness, so that nothing of its grey levels is left;
then the stroke is made thicker or thinner, the digit turned, scaled, put somewhere and drawn in noisy grey on
noisy grey. Everything is drawn at random from the distributions in `Pen`, which were fixed on the validation
images before any test image was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image
from scipy import ndimage

__all__ = ["CANVAS", "Pen", "draw", "drawings"]

CANVAS = 280
MARGIN = 6  # pixels that are always left between a digit and the canvas's border
BOX = 20  # pixels of the longest side of a digit in MNIST


@dataclass(frozen=True)
class Pen:
    """What is drawn at random for one drawing.

    Attributes
    ----------
    size
        Longest side of the digit before its stroke is changed, in pixels: uniform from 70 to 200.
    angle
        Degrees, counter-clockwise: uniform from -10 to 10.
    thickness
        Width of the stroke relative to what it was: from 1/2 to 2, its logarithm uniform.
    dark_on_light
        One in two.
    paper, ink
        Grey levels: the dark one uniform from 0 to 90, the light one from 165 to 255.
    edge
        Standard deviation of the blur of the stroke's edge, in pixels: uniform from 0 to 1.5.
    noise
        Standard deviation of the noise of each pixel, in grey levels: uniform from 2 to 25.
    left, top
        Where the digit lies: 0 at the left or top margin, 1 at the other end; uniform.
    """

    size: float
    angle: float
    thickness: float
    dark_on_light: bool
    paper: float
    ink: float
    edge: float
    noise: float
    left: float
    top: float

    @classmethod
    def at_random(cls, random: np.random.Generator) -> Pen:
        """Draw one."""
        dark, light = random.uniform(0, 90), random.uniform(165, 255)
        dark_on_light = bool(random.random() < 0.5)
        return cls(
            size=random.uniform(70, 200),
            angle=random.uniform(-10, 10),
            thickness=2.0 ** random.uniform(-1, 1),
            dark_on_light=dark_on_light,
            paper=light if dark_on_light else dark,
            ink=dark if dark_on_light else light,
            edge=random.uniform(0, 1.5),
            noise=random.uniform(2, 25),
            left=random.random(),
            top=random.random(),
        )


def drawings(images: UInt8[np.ndarray, "n 1 28 28"], *, seed: int) -> Iterator[UInt8[np.ndarray, "280 280"]]:
    """Yield a drawing of each image; the same seed gives the same drawings."""
    for number, image in enumerate(images):
        random = np.random.default_rng([seed, number])
        yield draw(image[0], Pen.at_random(random), random)


def draw(
    image: UInt8[np.ndarray, "28 28"], pen: Pen, random: np.random.Generator
) -> UInt8[np.ndarray, "280 280"]:
    """Draw one digit with one pen; ``random`` makes the noise."""
    stroke = _placed(_thickened(_enlarged(image, pen), pen.thickness), pen)
    soft = ndimage.gaussian_filter(stroke.astype(np.float32), pen.edge) if pen.edge else stroke
    grey = pen.paper + (pen.ink - pen.paper) * soft
    noisy = grey + pen.noise * random.standard_normal(grey.shape, dtype=np.float32)
    return noisy.clip(0, 255).round().astype(np.uint8)


def _enlarged(image: UInt8[np.ndarray, "28 28"], pen: Pen) -> Bool[np.ndarray, "s s"]:
    """Turn and enlarge smoothly (cubic), then cut at half the brightness."""
    scale = pen.size / BOX
    side = round(40 * scale)  # a turned digit with a thick stroke has room
    cosine, sine = np.cos(np.radians(pen.angle)) / scale, np.sin(np.radians(pen.angle)) / scale
    middle = side / 2
    across = (cosine, -sine, 14 - cosine * middle + sine * middle)
    down = (sine, cosine, 14 - sine * middle - cosine * middle)
    large = Image.fromarray(image).transform(
        (side, side), Image.Transform.AFFINE, (*across, *down), Image.Resampling.BICUBIC
    )
    return np.asarray(large) >= 128


def _thickened(stroke: Bool[np.ndarray, "s s"], factor: float) -> Bool[np.ndarray, "s s"]:
    """Move the stroke's edge so that its mean width changes by a factor."""
    inside = ndimage.distance_transform_edt(stroke)
    width = 4 * inside[stroke].mean()  # the mean distance to the edge of a bar is a quarter of its width
    move = (factor - 1) * width / 2
    if move < 0:
        return inside > -move
    return ndimage.distance_transform_edt(~stroke) <= move


def _placed(stroke: Bool[np.ndarray, "s s"], pen: Pen) -> Bool[np.ndarray, "280 280"]:
    rows, columns = np.flatnonzero(stroke.any(axis=1)), np.flatnonzero(stroke.any(axis=0))
    digit = stroke[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = digit.shape
    top = MARGIN + round(pen.top * (CANVAS - 2 * MARGIN - height))
    left = MARGIN + round(pen.left * (CANVAS - 2 * MARGIN - width))
    canvas = np.zeros((CANVAS, CANVAS), dtype=bool)
    canvas[top : top + height, left : left + width] = digit
    return canvas
