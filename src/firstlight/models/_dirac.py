"""Filters that begin by handing on what they get."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["start_as_identity"]


@torch.no_grad()
def start_as_identity(layer: nn.Conv2d) -> nn.Conv2d:
    """Let the first filters of a convolution hand on one input channel each, unchanged; return the layer.

    As many filters as there are input channels (or outputs, if fewer) become Dirac deltas, so that what comes
    in passes through at first as along a residual connection (Zagoruyko and Komodakis 2017, arXiv 1706.00388,
    without their second branch). The filters beyond keep their random weights, as in the airbench recipes
    (Jordan 2024, arXiv 2404.00498, section 3.3).

    Parameters
    ----------
    layer
        Changed in place; without groups. With a padding of half the filters' size the image keeps its place.

    Examples
    --------
    >>> layer = start_as_identity(nn.Conv2d(4, 4, 3, padding=1, bias=False))
    >>> images = torch.arange(64.0).view(1, 4, 4, 4)
    >>> torch.equal(layer(images), images)
    True
    """
    outputs, inputs, height, width = layer.weight.shape
    channels = torch.arange(min(outputs, inputs))
    layer.weight[channels] = 0
    layer.weight[channels, channels, height // 2, width // 2] = 1
    return layer
