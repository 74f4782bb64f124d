"""Elastic distortion, after Simard, Steinkraus and Platt 2003.

"Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis", section 2.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from jaxtyping import Float32
from torch import Tensor

__all__ = ["elastic_field", "gaussian_matrix"]


def elastic_field(
    noise: Float32[Tensor, "n 2 h w"], *, alpha: float, sigma: float
) -> Float32[Tensor, "n 2 h w"]:
    """Make smooth random displacements: noise in [-1, 1), blurred by a Gaussian, times ``alpha``.

    A departure from the paper, common to most implementations: the blurred field is not brought to unit norm
    before it is scaled. The paper's best values for MNIST were ``sigma=4, alpha=34``.

    Parameters
    ----------
    noise
        Uniform in [-1, 1).
    alpha
        Strength, at least 0; 0 moves nothing.
    sigma
        Standard deviation of the blur, in pixels, above 0. Outside the image the noise counts as 0.

    Returns
    -------
    torch.Tensor
        Displacements along x and y, in pixels.
    """
    n, _, h, w = noise.shape
    down = gaussian_matrix(h, sigma).to(noise.device)
    across = gaussian_matrix(w, sigma).to(noise.device) * alpha
    # A blur of small images is two matrix products, far quicker than a convolution with a wide kernel; with
    # the rows of all images in front, each is one large product instead of many small ones.
    columns = noise.permute(2, 0, 1, 3).reshape(h, n * 2 * w)
    field = (down @ columns).view(h * n * 2, w) @ across.T
    return field.view(h, n, 2, w).permute(1, 2, 0, 3)


@lru_cache(maxsize=16)  # made anew, it would cost a third of a distortion
def gaussian_matrix(size: int, sigma: float) -> Float32[Tensor, "size size"]:
    """Return the matrix that blurs a column of ``size`` pixels, cut off at four standard deviations.

    The same tensor each time: not to be written into.
    """
    radius = int(4 * sigma + 0.5)
    kernel = torch.exp(-0.5 * (torch.arange(-radius, radius + 1, dtype=torch.float64) / sigma) ** 2)
    place = torch.arange(size)
    gap = (place[:, None] - place).abs()
    weights = torch.exp(-0.5 * (gap.double() / sigma) ** 2) * (gap <= radius)
    return (weights / kernel.sum()).float()
