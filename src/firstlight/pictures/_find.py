"""`find_digits`: the steps from any picture to the digits in it, composed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float32, UInt8

from firstlight.pictures._done import what_was_done
from firstlight.pictures._findings import Box, Digit, Findings, Step
from firstlight.pictures._fit import FINE, centred_image, fine_mask
from firstlight.pictures._grey import to_grey
from firstlight.pictures._groups import Group, group_parts
from firstlight.pictures._ink import Ink, find_ink
from firstlight.pictures._paper import find_paper
from firstlight.pictures._parts import Parts, find_parts
from firstlight.pictures._source import PictureSource, read_picture
from firstlight.pictures._stroke import with_usual_stroke
from firstlight.pictures._warnings import doubts

__all__ = ["find_digits"]

SHEETS = 2  # a sheet of paper on a sheet of paper, and no further


def find_digits(source: PictureSource, *, steps: bool = False) -> Findings:
    """Find the digits of a picture and bring each to 28 x 28 pixels, as MNIST's were made.

    Does not say which digits they are. Does not tell digits from other drawings: whatever was drawn is taken
    for one. The steps: brightness; background, which says whether ink is dark or light; ink, from half-way
    on; connected parts without specks; parts joined to digits; each digit's stroke brought to a usual width,
    scaled to a box of 20 x 20 with its aspect kept, smoothed by area and put with its centre of mass into the
    middle of 28 x 28 (LeCun et al. 1998, "Gradient-based learning applied to document recognition", III.A).

    Parameters
    ----------
    source
        A path, the bytes of a picture file, an open file, Pillow's Image, an array or a tensor:
        ``[h, w]``, ``[h, w, c]`` or ``[c, h, w]``, bytes from 0 to 255 or floats from 0 to 1.
    steps
        Keep an image of each step.

    Returns
    -------
    Findings
        ``.digits`` in reading order, ``.warnings``, ``.steps``.

    Raises
    ------
    UsageError
        It is nothing that can be a picture, or has too many pixels.
    DataError
        The file is missing, cannot be read, or is no picture (`DataCorruptError`).

    Examples
    --------
    >>> page = np.full((100, 100), 240, dtype=np.uint8)
    >>> page[20:80, 48:52] = 10
    >>> found = find_digits(page)
    >>> found.digits[0].box
    Box(left=48, top=20, right=52, bottom=80)
    >>> found.digits[0].image.shape
    (28, 28)
    """
    pixels = read_picture(source)
    whole = to_grey(pixels)
    area, ink = _on_paper(whole)
    parts = find_parts(ink.mask, ink.links)
    groups = group_parts(parts.kept)
    digits = tuple(_digit(group, parts, ink) for group in groups)
    shown = _steps(whole, ink, parts, digits) if steps else ()
    factor = max(pixels.size) / max(whole.shape)
    placed = tuple(
        replace(digit, box=digit.box.moved(area.left, area.top).scaled(factor, pixels.size))
        for digit in digits
    )
    warnings = (*pixels.warnings, *doubts(ink, parts, placed))
    done = what_was_done(pixels, area != whole_box(whole), ink, placed)
    return Findings(placed, shown, warnings, pixels.size, done)


def _on_paper(whole: Float32[np.ndarray, "h w"]) -> tuple[Box, Ink]:
    """Return where the writing may lie, and its ink: on a sheet of paper if there is one, else anywhere."""
    area = whole_box(whole)
    ink = find_ink(whole)
    for _ in range(SHEETS):
        sheet = find_paper(ink.mask)
        if sheet is None:
            break
        area = sheet.moved(area.left, area.top)
        ink = find_ink(whole[area.top : area.bottom, area.left : area.right])
    return area, ink


def _digit(group: Group, parts: Parts, ink: Ink) -> Digit:
    """Bring one digit to the form of the data set."""
    place = np.s_[group.box.top : group.box.bottom, group.box.left : group.box.right]
    own = np.isin(parts.labels[place], [0, *(part.number for part in group.parts)])
    fine = fine_mask(np.where(own, ink.amount[place], np.float32(0)), ink.threshold)
    stroke = with_usual_stroke(fine, pixel=FINE)
    return Digit(centred_image(stroke.mask), group.box, stroke.width_before / FINE)


def _steps(
    whole: Float32[np.ndarray, "h w"], ink: Ink, parts: Parts, digits: tuple[Digit, ...]
) -> tuple[Step, ...]:
    level = 2 * ink.threshold if np.isfinite(ink.threshold) else max(float(ink.amount.max()), 1e-6)
    kept = np.isin(parts.labels, [part.number for part in parts.kept])
    return (
        Step("brightness", _as_bytes(whole)),
        Step("background", _as_bytes(ink.paper)),
        Step("ink", _as_bytes(ink.amount / level)),
        # What was left out stays visible, in a dark grey.
        Step("digits' strokes", np.where(kept, 255, np.where(ink.mask, 90, 0)).astype(np.uint8)),
        *(
            Step(f"digit {number}" if len(digits) > 1 else "digit", digit.image)
            for number, digit in enumerate(digits, start=1)
        ),
    )


def whole_box(image: Float32[np.ndarray, "h w"]) -> Box:
    """Return the box around all of an image."""
    return Box(0, 0, image.shape[1], image.shape[0])


def _as_bytes(image: Float32[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    return (255 * image.clip(0, 1)).round().astype(np.uint8)
