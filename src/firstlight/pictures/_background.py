"""The background of a picture: what it would look like with nothing drawn on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32
from scipy import ndimage

__all__ = ["Background", "find_background", "noise_deviation", "sample"]

EVEN_SPREAD = 0.12  # of the picture's range: a border that varies no more than this is evenly lit
RING = 0.04  # of the shorter side: how wide the border is that is looked at
BROADEST = 1 / 6  # of the longest side: no stroke is as broad, so what is as broad is background


@dataclass(frozen=True, eq=False)
class Background:
    """What a picture would look like with nothing drawn on it.

    Attributes
    ----------
    brightness
        At each pixel, 0 to 1.
    is_light
        Whether it is lighter than what was drawn on it.
    is_even
        Whether it has one brightness.
    """

    brightness: Float32[np.ndarray, "h w"]
    is_light: bool
    is_even: bool


def find_background(grey: Float32[np.ndarray, "h w"]) -> Background:
    """Estimate the background at each pixel.

    An evenly lit picture has one background: the median of its border. Ink is on whatever side of it the
    stronger deviations lie.

    Otherwise it is what remains when everything narrower than a sixth of the picture is taken away: dark
    strokes by a morphological closing, light ones by an opening (Serra 1982, "Image Analysis and Mathematical
    Morphology"). Unlike a mean or a polynomial these follow the edge of a shadow. Which of the two, the
    deviations from a local mean tell: the edge of a shadow deviates alike to both sides, ink to one.

    Parameters
    ----------
    grey
        Brightness, 0 to 1, with little noise.
    """
    # A shadow over a quarter of the border moves these percentiles; ink that crosses the border rarely does.
    lower, middle, upper = np.percentile(sample(border(grey)), (15, 50, 85))
    low, high = np.percentile(sample(grey), (0.5, 99.5))
    spread = upper - lower
    if spread - _noise_spread(grey) <= EVEN_SPREAD * (high - low):
        paper = np.full_like(grey, middle)
        return Background(paper, is_light=_strength(paper - grey) > 0, is_even=True)
    side = max(3, round(BROADEST * max(grey.shape)))
    is_light = _strength(ndimage.uniform_filter(grey, side) - grey) > 0
    remove = ndimage.grey_closing if is_light else ndimage.grey_opening
    # Continued as it slopes, else a picture that darkens towards its border would end in a dark stroke.
    wide = np.pad(grey, side, mode="reflect", reflect_type="odd")
    paper = remove(wide, size=(side, side))[side:-side, side:-side]
    return Background(np.ascontiguousarray(paper), is_light, is_even=False)


def _strength(difference: Float32[np.ndarray, "h w"]) -> float:
    """Return the sum of cubes: noise, and a little of the light, count next to nothing beside ink."""
    return float((difference * difference * difference).sum())


def border(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, " n"]:
    """Return the pixels of the outermost ring, each once or twice."""
    wide = max(1, round(RING * min(grey.shape)))
    parts = grey[:wide], grey[-wide:], grey[:, :wide], grey[:, -wide:]
    return np.concatenate([part.ravel() for part in parts])


def sample(values: Float32[np.ndarray, ...], most: int = 5_000) -> Float32[np.ndarray, " n"]:
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
    lines = grey[:: max(1, grey.size // 5_000)]
    return float(1.4826 * np.median(np.abs(np.diff(lines, axis=1))) / np.sqrt(2))


def _noise_spread(grey: Float32[np.ndarray, "h w"]) -> float:
    """How far noise alone puts the 15th and the 85th percentile apart: 2.07 standard deviations."""
    return 2.07 * noise_deviation(grey)
