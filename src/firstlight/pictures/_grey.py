"""From pixels to brightness: colours, transparency and size."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32
from PIL import Image

from firstlight.pictures._pixels import WORKING_SIDE, Pixels

__all__ = ["to_grey"]

LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
COLOURFUL = 2.0  # colours count where they differ so many times more than brightness does


def to_grey(pixels: Pixels) -> Float32[np.ndarray, "h w"]:
    """Return the brightness of each pixel, 0 to 1, of a picture of at most 1024 pixels a side.

    Transparent parts become white where what is seen is dark, and black where it is light. Colour becomes
    luminance, unless the colours of the picture differ much more than its luminance does (red ink on green
    paper): then it is their place along the direction in which they differ most.
    """
    values = _small(pixels.values)
    if values.shape[2] in (2, 4):
        values = _opaque(values[:, :, :-1], values[:, :, -1:])
    if values.shape[2] == 1:
        return np.ascontiguousarray(values[:, :, 0])
    return _without_colour(values)


def _small(values: np.ndarray[Any, Any]) -> Float32[np.ndarray, "h w c"]:
    """Shrink by averaging, by a whole factor, and convert to floats."""
    height, width, channels = values.shape
    factor = -(-max(height, width) // WORKING_SIDE)
    scale = np.float32(1 / 255 if values.dtype == np.uint8 else 1)
    if factor == 1:
        return np.asarray(values.astype(np.float32) * scale)
    bands = [
        Image.fromarray(np.ascontiguousarray(values[:, :, band])).reduce(factor) for band in range(channels)
    ]
    stacked = np.stack([np.asarray(band, dtype=np.float32) for band in bands], axis=2)
    return np.asarray(stacked * scale)


def _opaque(
    colours: Float32[np.ndarray, "h w c"], opacity: Float32[np.ndarray, "h w 1"]
) -> Float32[np.ndarray, "h w c"]:
    """Lay the picture on white or black, on whichever what is seen stands out more."""
    seen = float((colours * opacity).mean() / max(float(opacity.mean()), 1e-6))
    paper = np.float32(1 if seen < 0.5 else 0)
    return np.asarray(colours * opacity + paper * (1 - opacity))


def _without_colour(colours: Float32[np.ndarray, "h w 3"]) -> Float32[np.ndarray, "h w"]:
    grey: Float32[np.ndarray, "h w"] = colours @ LUMINANCE
    some = colours.reshape(-1, 3)[:: max(1, grey.size // 20_000)].astype(np.float64)
    spreads, directions = np.linalg.eigh(np.cov(some.T) if len(some) > 1 else np.zeros((3, 3)))
    if spreads[-1] <= 3 * COLOURFUL**2 * grey.var():
        return grey
    across = directions[:, -1].astype(np.float32)
    place = colours @ across
    return np.asarray((place - place.min()) / np.float32(np.ptp(place) or 1))
