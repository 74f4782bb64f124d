"""The width of a stroke: measured, and brought near to what the data set's pens made."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64
from scipy import ndimage

__all__ = ["Stroke", "stroke_width", "with_usual_stroke"]

# Pixels of the 28 x 28 image. Of MNIST's training images, half lie between 2.1 and 3.0, nine in ten between
# 1.6 and 4.2 (measured with `stroke_width`). Chosen on drawings of the validation images: with these bounds
# 49 of 5,000 were misread, with 1.6 and 4.2 54, without any 79.
THIN, THICK = 2.0, 3.3


class Stroke(NamedTuple):
    """A stroke as it was brought to a usual width, and the width that it had."""

    mask: Bool[np.ndarray, "h w"]
    width_before: float


def stroke_width(mask: Bool[np.ndarray, "h w"]) -> float:
    """Return the mean width of the stroke in pixels.

    The distance to the edge, averaged over a bar, is a quarter of the bar's width. Where strokes cross, or
    where a blot fills a loop, the answer is larger than the pen.

    Examples
    --------
    >>> bar = np.zeros((20, 200), dtype=bool)
    >>> bar[6:14] = True
    >>> round(stroke_width(bar))
    8
    """
    return _width(_depths(mask)[mask])


def with_usual_stroke(mask: Bool[np.ndarray, "h w"], *, pixel: float) -> Stroke:
    """Move the edge of a stroke until its mean width lies between 2.0 and 3.3 pixels of the small image.

    A network reads best what looks like what it learnt from, and a pen on a large sheet, or a broad marker,
    makes strokes that no image of MNIST has. NIST's digits were not treated so. Does not thin a stroke by
    more than half of its ink: a digit that is thick in one place only stays so.

    Parameters
    ----------
    mask
        The stroke, with room around it to grow.
    pixel
        How many of its pixels make one of the small image.
    """
    depths = _depths(mask)
    inside = depths[mask]
    width = _width(inside)
    move = (min(max(width, THIN * pixel), THICK * pixel) - width) / 2
    if move > 0:
        mask = np.asarray(ndimage.distance_transform_edt(~mask) <= move)
    elif move < 0:
        mask = np.asarray(depths > min(-move, float(np.median(inside))))
    return Stroke(mask, width)


def _depths(mask: Bool[np.ndarray, "h w"]) -> Float64[np.ndarray, "h w"]:
    """Distance of each pixel of the stroke to its edge, 0 outside."""
    return np.asarray(ndimage.distance_transform_edt(mask))


def _width(inside: Float64[np.ndarray, " n"]) -> float:
    # A pixel's distance counts from its middle, so the edge is half a pixel nearer.
    return float(4 * (inside.mean() - 0.5)) if inside.size else 0.0
