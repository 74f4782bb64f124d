"""The background of a picture: what it would look like with nothing drawn on it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from PIL import Image
from scipy import ndimage

__all__ = ["background", "noise_deviation", "sample"]

COARSE = 32  # pixels of the longest side on which uneven light is estimated
EVEN_SPREAD = 0.12  # of the picture's range: a border that varies no more than this is evenly lit
RING = 0.04  # of the shorter side: how wide the border is that is looked at


def background(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
    """Estimate the background at each pixel.

    An evenly lit picture has one background: the median of its border. Otherwise it is the median of a
    window of half the picture around each pixel, taken on a coarse copy. A median follows the edge of a
    shadow, which a mean or a polynomial would smear; it holds as long as ink covers less than half of a
    window.

    Parameters
    ----------
    grey
        Brightness, 0 to 1.

    Returns
    -------
    numpy.ndarray
        Of the same shape.
    """
    ring = sample(border(grey))
    middle = np.median(ring)
    low, high = np.percentile(sample(grey), (0.5, 99.5))
    spread = np.subtract(*np.percentile(ring, (85, 15)))
    # A shadow over a quarter of the border moves the quartiles; ink that crosses the border does so rarely.
    if spread - _noise_spread(grey) <= EVEN_SPREAD * (high - low):
        return np.full_like(grey, middle)
    return _uneven(grey)


def border(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, " n"]:
    """Return the pixels of the outermost ring, each once or twice."""
    wide = max(1, round(RING * min(grey.shape)))
    parts = grey[:wide], grey[-wide:], grey[:, :wide], grey[:, -wide:]
    return np.concatenate([part.ravel() for part in parts])


def sample(values: Float32[np.ndarray, ...], most: int = 10_000) -> Float32[np.ndarray, " n"]:
    """Return about ``most`` of the values, at regular distances: a percentile needs no more."""
    flat = values.ravel()
    return flat[:: max(1, len(flat) // most)]


def noise_deviation(grey: Float32[np.ndarray, "h w"]) -> float:
    """Return the standard deviation of pixel noise, from differences of neighbours; edges hardly count.

    1.4826 makes the median of absolute deviations that of a normal distribution; the difference of two
    pixels has twice the variance of one.
    """
    if grey.shape[1] < 2:
        return 0.0
    lines = grey[:: max(1, grey.size // 10_000)]
    return float(1.4826 * np.median(np.abs(np.diff(lines, axis=1))) / np.sqrt(2))


def _noise_spread(grey: Float32[np.ndarray, "h w"]) -> float:
    """How far noise alone puts the 15th and the 85th percentile apart: 2.07 standard deviations."""
    return 2.07 * noise_deviation(grey)


def _uneven(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
    height, width = grey.shape
    factor = COARSE / max(height, width)
    small = (max(1, round(width * factor)), max(1, round(height * factor)))
    coarse = np.asarray(Image.fromarray(grey).resize(small, Image.Resampling.BOX))
    smooth = ndimage.median_filter(coarse, size=COARSE // 2 + 1, mode="reflect")
    return np.array(Image.fromarray(smooth).resize((width, height), Image.Resampling.BILINEAR))
