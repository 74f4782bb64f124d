"""From pictures to the images of a data set that they were made of: exactly if possible, else the nearest."""

from __future__ import annotations

from jaxtyping import Int64, Shaped
from torch import Tensor

from firstlight.checks.identity._alike import by_likeness
from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._coloured import coloured
from firstlight.checks.identity._grey import grey
from firstlight.checks.identity._recognised import Recognised

__all__ = ["recognise"]

ENOUGH = 0.3


def recognise(
    images: Shaped[Tensor, "n c h w"],
    labels: Int64[Tensor, " n"],
    atlas: Atlas,
    *,
    is_nearest_wanted: bool = True,
) -> Recognised:
    """Find out which image of a data set each picture is.

    Sees through inversion, any map of the grey values, padding, cropping, moving, rolling, flips, turns by 90
    degrees, transposition and repeated channels exactly; through resizing, blur, noise and small rotations by
    likeness.

    Parameters
    ----------
    images
        The pictures: uint8 or floating, one channel or as many as the data set's.
    labels
        As delivered, to look among the images of that label first; -1 where there is none.
    atlas
        The data set.
    is_nearest_wanted
        Whether pictures that are not found exactly are looked for by likeness.
    """
    found = grey(images, atlas) if atlas.is_grey else coloured(images, atlas)
    if not is_nearest_wanted or not len(images) or found.exact_share >= ENOUGH:
        return found
    return by_likeness(images, labels, atlas) or found
