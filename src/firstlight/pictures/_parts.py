"""Parts: connected pieces of ink, without specks and without what runs in from outside the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int32
from scipy import ndimage

from firstlight.pictures._findings import Box

__all__ = ["Part", "Parts", "find_parts"]

EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)
SPECK_AREA = 0.03  # of the largest part's pixels
SPECK_SIDE = 0.2  # of the largest part's longest side
MOST_PARTS = 500  # more are texture, and joining them would take long
EDGE_PARTS = (
    0.25  # of the largest part's pixels: inner parts below that do not oust one that meets the border
)


@dataclass(frozen=True)
class Part:
    """One connected piece of ink.

    Attributes
    ----------
    number
        Its value in `Parts.labels`.
    box
        Where it lies.
    area
        Its pixels.
    """

    number: int
    box: Box
    area: int


@dataclass(frozen=True, eq=False)
class Parts:
    """The pieces of ink that may be digits or strokes of digits, and how many were left out.

    Attributes
    ----------
    labels
        Number of the part at each pixel; 0 is background or something left out of ``kept``.
    kept
        The parts, the largest first.
    specks, outside
        How many were left out as too small, and as running in from outside the picture.
    meets_border
        Whether a part that was kept is cut by the border of the picture.
    """

    labels: Int32[np.ndarray, "h w"]
    kept: tuple[Part, ...]
    specks: int
    outside: int
    meets_border: bool


def find_parts(mask: Bool[np.ndarray, "h w"], links: Bool[np.ndarray, "h w"]) -> Parts:
    """Find connected pieces of ink (pixels that touch, corners too) and leave out what is no writing.

    Ink is connected through faint traces too (hysteresis, as in Canny 1986, IEEE Trans. PAMI 8:679), since a
    pen that hardly touches the paper still writes one stroke; the traces themselves are no ink.

    Specks are small beside the largest part in area and in length both, so that a thin short stroke stays.
    Parts that meet the border (the edge of the paper, a shadow, a finger) are left out if a part of some size
    does not; where all meet it, they are what there is.

    Parameters
    ----------
    mask
        True where there is ink.
    links
        True there, and where there is a faint trace.
    """
    labels = ndimage.label(links, structure=EIGHT_NEIGHBOURS)[0] * mask
    areas = np.bincount(labels.ravel())
    parts = sorted(
        (
            Part(number, _box(place), int(areas[number]))
            for number, place in enumerate(ndimage.find_objects(labels), start=1)
            if place is not None  # nothing but faint traces
        ),
        key=lambda part: -part.area,
    )[:MOST_PARTS]
    inner = [part for part in parts if not _meets_border(part.box, mask.shape)]
    largest = parts[0].area if parts else 0
    has_inner = bool(inner) and (inner[0].area >= EDGE_PARTS * largest or _is_long(inner[0], mask.shape))
    candidates = inner if has_inner else parts
    kept = tuple(part for part in candidates if not _is_speck(part, candidates[0]))
    return Parts(
        labels=labels,
        kept=kept,
        specks=len(candidates) - len(kept),
        outside=len(parts) - len(candidates),
        meets_border=any(_meets_border(part.box, mask.shape) for part in kept),
    )


def _box(place: tuple[slice, slice]) -> Box:
    rows, columns = place
    return Box(columns.start, rows.start, columns.stop, rows.stop)


def _meets_border(box: Box, shape: tuple[int, ...]) -> bool:
    height, width = shape
    return box.left == 0 or box.top == 0 or box.right == width or box.bottom == height


def _is_long(part: Part, shape: tuple[int, ...]) -> bool:
    """Whether a part is long enough to be writing, whatever large thing lies at the border."""
    return max(part.box.width, part.box.height) >= 0.1 * min(shape)


def _is_speck(part: Part, largest: Part) -> bool:
    side = max(largest.box.width, largest.box.height)
    return part.area < SPECK_AREA * largest.area and max(part.box.width, part.box.height) < SPECK_SIDE * side
