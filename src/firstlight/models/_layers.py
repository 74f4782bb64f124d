"""Layers whose first weights come from a generator of ours.

Torch's layers draw their first weights from its global generator when they are made. So ours are made on the
meta device, where nothing is drawn, and filled by hand (``Module.to_empty`` would import half a second of
symbolic algebra). Layers without random weights, such as ``nn.BatchNorm2d``, are used as they are.
"""

from __future__ import annotations

import math
from typing import TypeVar

import torch
from torch import Tensor, nn

__all__ = ["conv", "linear"]

Layer = TypeVar("Layer", nn.Conv2d, nn.Linear)


def conv(
    inputs: int,
    outputs: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    bias: bool = False,
    gain: float | None = None,
    generator: torch.Generator | None,
) -> nn.Conv2d:
    """Return a convolution with square filters.

    Parameters
    ----------
    inputs, outputs, kernel, stride, padding, bias
        As in ``nn.Conv2d``.
    gain
        A number: normal weights of variance gain / (inputs * kernel ** 2), no bias at first; 2 is He et al.
        2015, arXiv 1502.01852, equation 10. ``None``: as torch does, see `linear`.
    generator
        Draws the first weights; ``None`` takes torch's global one.
    """
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=bias, device="meta")
    return _filled(layer, inputs * kernel**2, gain, generator)


def linear(
    inputs: int,
    outputs: int,
    *,
    bias: bool = True,
    gain: float | None = None,
    generator: torch.Generator | None,
) -> nn.Linear:
    """Return a linear layer.

    Parameters
    ----------
    inputs, outputs, bias
        As in ``nn.Linear``.
    gain
        A number: normal weights of variance gain / inputs, no bias at first. ``None``: as torch does, weights
        and bias uniform between plus and minus 1 / sqrt(inputs), which is variance 1 / (3 inputs).
    generator
        Draws the first weights; ``None`` takes torch's global one.
    """
    return _filled(nn.Linear(inputs, outputs, bias=bias, device="meta"), inputs, gain, generator)


def _filled(layer: Layer, fan_in: int, gain: float | None, generator: torch.Generator | None) -> Layer:
    layer.weight = nn.Parameter(_first_weights(layer.weight, fan_in, gain, generator))
    if layer.bias is not None:
        bias = (
            torch.zeros(layer.bias.shape)
            if gain is not None
            else _first_weights(layer.bias, fan_in, None, generator)
        )
        layer.bias = nn.Parameter(bias)
    return layer


def _first_weights(
    like: Tensor, fan_in: int, gain: float | None, generator: torch.Generator | None
) -> Tensor:
    weights = torch.empty(like.shape)
    if gain is None:
        bound = 1 / math.sqrt(fan_in)
        return weights.uniform_(-bound, bound, generator=generator)
    return weights.normal_(0.0, math.sqrt(gain / fan_in), generator=generator)
