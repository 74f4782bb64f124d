"""One digit's ink to 28 x 28 pixels, the way NIST's digits became MNIST."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from PIL import Image
from scipy import ndimage

__all__ = ["FINE", "centred_image", "fine_mask"]

FIELD = 28  # pixels of a side of the image
MIDDLE = 14  # the pixel in the middle, counted from 0
INNER = 20  # pixels of the longest side of the digit
FINE = 6  # fine pixels in one pixel of the image
ROOM = 8  # fine pixels around the digit: the thinnest stroke grows by 6 to each side


def fine_mask(ink: Float32[np.ndarray, "h w"], threshold: float) -> Bool[np.ndarray, "fh fw"]:
    """Scale a digit so that its longest side has 120 pixels, with room around it.

    A small digit is enlarged smoothly before it is cut at the threshold, so that no stairs remain. Of a large
    one, a fine pixel is ink where there is any ink below it, so that no thin line is lost.

    Parameters
    ----------
    ink, threshold
        The amount of ink of this digit alone, in its box, and from where on it counts.
    """
    height, width = ink.shape
    scale = INNER * FINE / max(ink.shape)
    room = ROOM / scale
    margin = math.ceil(room) + 1
    area = margin - room, margin - room, margin + room + width, margin + room + height
    size = round(width * scale) + 2 * ROOM, round(height * scale) + 2 * ROOM
    padded = np.pad(ink, margin)
    if scale < 1:
        padded = ndimage.maximum_filter(padded, size=math.ceil(1 / scale))
    return np.asarray(Image.fromarray(padded).resize(size, Image.Resampling.BICUBIC, box=area)) > threshold


def centred_image(mask: Bool[np.ndarray, "h w"]) -> UInt8[np.ndarray, "28 28"]:
    """Scale a stroke into a box of 20 x 20, smoothed by area, and put its centre of mass into the middle.

    LeCun et al. 1998, "Gradient-based learning applied to document recognition", III.A. As in MNIST the box
    is moved by whole pixels, to where the centre of mass lies nearest to the middle of pixel (14, 14) counted
    from 0; that this is meant by "the center of the 28x28 field" is what its training images show.

    Parameters
    ----------
    mask
        True where there is ink; somewhere there is.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    ink = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = INNER / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    small = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BOX))
    top = _place(small.sum(axis=1))
    left = _place(small.sum(axis=0))
    image = np.zeros((FIELD, FIELD), dtype=np.uint8)
    image[top : top + height, left : left + width] = (255 * small).round().clip(0, 255)
    return image


def _place(weights: Float32[np.ndarray, " n"]) -> int:
    """Return where a side begins whose centre of mass shall be in the middle; it never leaves the field."""
    centre = float(np.average(np.arange(len(weights)), weights=weights))
    return min(max(round(MIDDLE - centre), 0), FIELD - len(weights))
