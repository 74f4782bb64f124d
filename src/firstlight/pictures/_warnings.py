"""What makes an answer doubtful, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from firstlight.pictures._findings import Box, Digit
from firstlight.pictures._ink import Ink
from firstlight.pictures._parts import Parts

__all__ = ["doubts"]

FAINT = 0.12  # contrast below
NOISY = 8.0  # signal below, in standard deviations of the background
TINY = 12  # pixels of a digit's longest side
BLURRED = 0.12  # width of an edge, of a digit's longest side; MNIST's 28 x 28 pixels have 0.07, 0.09 at most
MANY = 20  # digits: rather texture than writing


def doubts(ink: Ink, parts: Parts, digits: tuple[Digit, ...]) -> Iterator[str]:
    """Yield what a reader of the answer should know, the gravest first."""
    if not digits:
        yield (
            "Nothing was found: the picture is blank, or its contrast is too low "
            f"({100 * ink.contrast:.1f} % of the range from black to white)."
        )
        return
    if parts.meets_border:
        yield "The digit touches the border of the picture: it may be cut off. Leave some room around it."
    if len(digits) > MANY:
        yield f"{len(digits)} pieces were taken for digits. Is this a picture of handwriting?"
    elif len(digits) > 1:
        yield f"Several digits were found, {len(digits)}; they are read line by line, from left to right."
    if ink.contrast < FAINT or ink.signal < NOISY:
        yield f"Very low contrast: ink and background differ by {100 * ink.contrast:.0f} % of the range."
    if min(max(digit.box.width, digit.box.height) for digit in digits) < TINY:
        yield f"Tiny: a digit is less than {TINY} pixels high and wide. Take a larger picture."
    elif _blur(ink, parts.kept[0].box) > BLURRED:
        yield "Blurred: the strokes have no clear edge."
    if parts.outside:
        yield f"Left out: {_counted(parts.outside, 'piece')} that came in from the border of the picture."
    if parts.specks:
        yield f"Left out: {_counted(parts.specks, 'speck')}."


def _blur(ink: Ink, box: Box) -> float:
    """How far it is from background to ink where a piece has its clearest edges, of its longest side."""
    amount = ink.amount[max(box.top - 2, 0) : box.bottom + 2, max(box.left - 2, 0) : box.right + 2]
    if min(amount.shape) < 2:
        return 0.0
    down, right = np.gradient(amount)
    edge = (amount > ink.contrast / 4) & (amount < 0.75 * ink.contrast)
    steep = np.hypot(down, right)[edge]
    if not steep.size:  # not one pixel lies between background and ink
        return 0.0
    return float(ink.contrast / np.quantile(steep, 0.75) / max(box.width, box.height))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("s" if count > 1 else "")
