"""Ink: how far each pixel is from the background towards what was drawn, and from where on it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32
from scipy import ndimage

from firstlight.pictures._background import Background, find_background, noise_deviation, sample

__all__ = ["Ink", "find_ink"]

SMOOTH = 350  # one pixel of smoothing for so many pixels of the longest side
LEAST_SIGNAL = 5.0  # ink below so many standard deviations of the background is taken for noise
FAINT = 0.7  # of the threshold
SURELY_NO_NOISE = 4.5  # standard deviations of the background
LEAST_CONTRAST = 0.02  # of the range from black to white; below, nothing was drawn
LEAST_LIGHT = 0.1
TURNS = 20


@dataclass(frozen=True, eq=False)
class Ink:
    """What was drawn, apart from what it was drawn on.

    Attributes
    ----------
    paper
        Estimated brightness of the background.
    amount
        Distance from the background towards the ink; 0 is background, ink is positive.
    threshold
        From here on it is ink: half-way between background and ink. Infinite if there is none.
    faint
        Below the threshold, but no noise: where two pieces of ink are linked by so much, they were drawn in
        one stroke.
    is_dark
        Whether ink is darker than its background.
    contrast
        Mean amount of the ink, as a part of the range from black to white.
    signal
        The same in standard deviations of the background.
    """

    paper: Float32[np.ndarray, "h w"]
    amount: Float32[np.ndarray, "h w"]
    threshold: float
    faint: float
    is_dark: bool
    contrast: float
    signal: float

    @property
    def mask(self) -> Bool[np.ndarray, "h w"]:
        """True where there is ink."""
        return self.amount > self.threshold

    @property
    def links(self) -> Bool[np.ndarray, "h w"]:
        """True where there is ink, or a faint trace of it."""
        return self.amount > self.faint


def find_ink(grey: Float32[np.ndarray, "h w"]) -> Ink:
    """Tell ink from background.

    Dark on light and light on dark are alike. The threshold is half-way between the means of the two
    classes, found by iteration as by Ridler and Calvard 1978 (IEEE Trans. SMC 8:630, "iterative selection"),
    with two departures: the background's mean is known (0), since it has been taken away, and the mean of the
    ink is weighted. Unlike Otsu's threshold it does not move when ink covers little.

    Parameters
    ----------
    grey
        Brightness, 0 to 1.
    """
    smooth = _smoothed(grey)
    paper = find_background(smooth)
    amount = _amount(smooth, paper)
    threshold, level = _half_way(amount)
    noise = _deviation(amount, threshold)
    signal = level / noise if noise else np.inf
    if level < LEAST_CONTRAST or signal < LEAST_SIGNAL:
        threshold = np.inf
    faint = min(threshold, max(FAINT * threshold, SURELY_NO_NOISE * noise))
    return Ink(
        paper.brightness, amount, threshold, faint, paper.is_light, contrast=level, signal=float(signal)
    )


def _amount(grey: Float32[np.ndarray, "h w"], paper: Background) -> Float32[np.ndarray, "h w"]:
    """Return the distance of each pixel from the background towards the ink."""
    if not paper.is_light:
        amount = grey - paper.brightness
    else:
        # Ink swallows a share of the light: in a shadow, where there is less, the same ink takes less away.
        amount = (paper.brightness - grey) / np.maximum(paper.brightness, LEAST_LIGHT)
    # A closing lies on the peaks of the noise, not in its middle.
    return amount if paper.is_even else np.asarray(amount - np.median(sample(amount)))


def _smoothed(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
    """Take the worst noise away; a picture without noise, or a small one, stays sharp."""
    sigma = max(grey.shape) / SMOOTH
    if sigma < 0.4 or noise_deviation(grey) < 0.004:
        return grey
    smooth: Float32[np.ndarray, "h w"] = ndimage.gaussian_filter(grey, sigma, truncate=3.0)
    return smooth


def _half_way(amount: Float32[np.ndarray, "h w"]) -> tuple[float, float]:
    """Return the threshold and the mean amount of ink above it.

    Each pixel of ink counts as much as it holds, so that many faint ones (the lines of ruled paper) do not
    pull the mean down to themselves.
    """
    threshold = float(amount.max()) / 2
    for _ in range(TURNS):
        above = amount[amount > threshold]
        level = float(above @ above / above.sum()) if above.size else 0.0
        if abs(level / 2 - threshold) < 1e-3 * level or not level:
            break
        threshold = level / 2
    return threshold, level


def _deviation(amount: Float32[np.ndarray, "h w"], threshold: float) -> float:
    """Standard deviation of the background, by the median of absolute deviations."""
    some = sample(amount)
    rest = some[some <= threshold]
    return float(1.4826 * np.median(np.abs(rest - np.median(rest)))) if rest.size else 0.0
