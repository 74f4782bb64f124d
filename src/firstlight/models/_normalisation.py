"""Batch normalisation with its choices spelled out."""

from __future__ import annotations

from torch import nn

__all__ = ["batch_norm"]


def batch_norm(
    channels: int, *, memory: float = 0.9, eps: float = 1e-5, learns_scale: bool = True
) -> nn.BatchNorm2d:
    """Return a batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167).

    Does not draw: the scale begins at one, the shift at zero.

    Parameters
    ----------
    channels
        Of what comes in.
    memory
        Share of the running mean and variance that each step keeps, in [0, 1). Torch's ``momentum`` is one
        minus this. Short trainings want a short memory; the airbench recipes keep 0.6.
    eps
        Added to the variance.
    learns_scale
        False freezes the scale at one: a learnt scale is idle where a convolution follows that can learn it,
        and learns at another rate.

    Examples
    --------
    >>> layer = batch_norm(4, memory=0.6, learns_scale=False)
    >>> layer.momentum, layer.weight.requires_grad
    (0.4, False)
    """
    layer = nn.BatchNorm2d(channels, eps=eps, momentum=1 - memory)
    layer.weight.requires_grad_(learns_scale)
    return layer
