"""What was read in one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from firstlight.pictures import Box, Step

__all__ = ["Prediction", "ReadDigit"]


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """One digit of a picture, and what it was read as.

    Attributes
    ----------
    label
        Name of the most probable class.
    probability
        Of that class, 0 to 1.
    probabilities
        Of each class, by its name.
    box
        Where it lies in the picture: left, top, right, bottom in pixels.
    image
        What the network saw, white on black.
    """

    label: str
    probability: float
    probabilities: dict[str, float]
    box: Box
    image: UInt8[np.ndarray, "28 28"]

    def ranked(self) -> tuple[tuple[str, float], ...]:
        """Return classes with their probabilities, the most probable first."""
        return tuple(sorted(self.probabilities.items(), key=lambda one: -one[1]))

    def __repr__(self) -> str:
        return f"ReadDigit({self.label!r}, {100 * self.probability:.1f} %, {tuple(self.box)})"


@dataclass(frozen=True, eq=False)
class Prediction:
    """What was read in one picture; printed, it says what was done and what to be careful about.

    Attributes
    ----------
    name
        The picture's path, or what kind of thing it is.
    digits
        In the order in which one reads; empty where nothing was found.
    warnings
        What makes the answer doubtful, in words.
    steps
        An image of each step, if they were asked for.
    size
        Width and height of the picture.
    done
        What was done to the picture, in words.
    """

    name: str
    digits: tuple[ReadDigit, ...]
    warnings: tuple[str, ...]
    steps: tuple[Step, ...]
    size: tuple[int, int]
    done: str

    @property
    def text(self) -> str:
        """The labels one after the other, such as ``"407"``."""
        return "".join(digit.label for digit in self.digits)

    def __str__(self) -> str:
        read = ", ".join(f"{digit.label} ({100 * digit.probability:.1f} %)" for digit in self.digits)
        lines = [f"{self.name}: {read or 'no digit'}", f"  {self.done}"]
        return "\n".join([*lines, *(f"  ! {warning}" for warning in self.warnings)])

    def __repr__(self) -> str:
        return f"Prediction({self.name!r}, {list(self.digits)}, {len(self.warnings)} warnings)"
