"""What was done to a picture, in words."""

from __future__ import annotations

from firstlight.pictures._findings import Digit
from firstlight.pictures._ink import Ink
from firstlight.pictures._pixels import WORKING_SIDE, Pixels

__all__ = ["what_was_done"]


def what_was_done(pixels: Pixels, on_sheet: bool, ink: Ink, digits: tuple[Digit, ...]) -> str:
    """Return a sentence about the way from the picture to its digits."""
    width, height = pixels.size
    shrunk = f", looked at with {WORKING_SIDE} a side" if max(pixels.size) > WORKING_SIDE else ""
    parts = [f"{width} x {height} pixels{shrunk}"]
    if on_sheet:
        parts.append("a sheet in it")
    if digits:
        parts.append("dark ink on light" if ink.is_dark else "light ink on dark")
        parts.append(f"digits in boxes of {_sizes(digits)}")
        parts.append("each brought to 28 x 28 as MNIST's were")
    return "; ".join(parts) + "."


def _sizes(digits: tuple[Digit, ...]) -> str:
    first = [f"{digit.box.width} x {digit.box.height}" for digit in digits[:5]]
    return ", ".join([*first, "..."] if len(digits) > len(first) else first)
