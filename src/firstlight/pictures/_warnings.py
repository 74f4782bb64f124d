"""What makes an answer doubtful, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32

from firstlight.pictures._findings import Digit
from firstlight.pictures._ink import Ink
from firstlight.pictures._parts import Parts

__all__ = ["doubts"]

FAINT = 0.12  # contrast below
NOISY = 8.0  # signal below, in standard deviations of the background
TINY = 12  # pixels of a digit's longest side
BLURRED = 0.75  # share of the ink that is neither background nor full ink
MANY = 20  # digits: rather texture than writing


def doubts(ink: Ink, parts: Parts, digits: tuple[Digit, ...]) -> Iterator[str]:
    """Yield what a reader of the answer should know, the gravest first."""
    if not digits:
        yield _nothing(ink)
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
    elif _blur(ink.amount, ink.contrast) > BLURRED:
        yield "Blurred: the strokes have no clear edge."
    if parts.outside:
        yield f"Left out: {_counted(parts.outside, 'piece')} that came in from the border of the picture."
    if parts.specks:
        yield f"Left out: {_counted(parts.specks, 'speck')}."


def _nothing(ink: Ink) -> str:
    if np.isfinite(ink.threshold):
        return "Nothing was found: no piece of ink is large enough for a digit."
    return (
        "Nothing was found: the picture is blank, or its contrast is too low "
        f"({100 * ink.contrast:.1f} % of the range from black to white)."
    )


def _blur(amount: Float32[np.ndarray, "h w"], level: float) -> float:
    """Share of the ink that lies between a quarter and three quarters of the full amount."""
    some = amount[amount > level / 4]
    return float((some < 0.75 * level).mean()) if some.size else 0.0


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("s" if count > 1 else "")
