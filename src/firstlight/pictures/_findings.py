"""What is found in a picture: digits, the steps that led to them, and what to be careful about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

__all__ = ["Box", "Digit", "Findings", "Step"]


class Box(NamedTuple):
    """A rectangle in a picture, in its pixels: the right and lower ends are not part of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """Return the smallest box around both.

        Examples
        --------
        >>> Box(0, 0, 2, 2).joined(Box(5, 1, 6, 9))
        Box(left=0, top=0, right=6, bottom=9)
        """
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def moved(self, right: int, down: int) -> Box:
        """Return the box at another place."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def scaled(self, factor: float, size: tuple[int, int]) -> Box:
        """Return the box in a picture that is larger by a factor, rounded outwards but never out of it."""
        return Box(
            math.floor(self.left * factor),
            math.floor(self.top * factor),
            min(math.ceil(self.right * factor), size[0]),
            min(math.ceil(self.bottom * factor), size[1]),
        )


class Step(NamedTuple):
    """One step on the way, to be looked at."""

    name: str
    image: UInt8[np.ndarray, "h w"]


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit, as a data set of the MNIST family would hold it.

    Attributes
    ----------
    image
        White on black, 28 x 28.
    box
        Where it lies in the picture.
    stroke_width
        Mean width of its stroke in pixels of the 28 x 28 image; in MNIST from 1.5 to 4.5.
    """

    image: UInt8[np.ndarray, "28 28"]
    box: Box
    stroke_width: float


@dataclass(frozen=True, eq=False)
class Findings:
    """All digits of one picture in the order in which one reads.

    Attributes
    ----------
    digits
        Line by line from the top, each from left to right; empty where nothing was found.
    steps
        What was done, in order, each with an image.
    warnings
        What makes the answer doubtful, in words; empty where nothing does.
    size
        Width and height of the picture in pixels, upright.
    done
        What was done to the picture, in words.
    """

    digits: tuple[Digit, ...]
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    size: tuple[int, int]
    done: str
