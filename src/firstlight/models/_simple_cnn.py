"""The networks of An et al. 2020: filters of one size, no pooling, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight.models._layers import conv, linear
from firstlight.models._shapes import check_shape

__all__ = ["SimpleCNN"]


class SimpleCNN(nn.Sequential):
    """Unpadded convolutions, each with BatchNorm and ReLU, and one linear layer with BatchNorm.

    After An, Lee, Park, Yang and So 2020, "An Ensemble of Simple Convolutional Neural Network Models for
    MNIST Digit Recognition", arXiv 2008.10400. Convolutions and the linear layer have no bias and start as
    torch's layers do, as the authors left them. The linear layer sees the channels of a pixel side by side.
    Pixels are stretched to -1 ... 1, as theirs, once `prepare` saw images.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image.
    classes
        How many logits come out.
    kernel
        Height and width of every filter; each layer's maps are ``kernel - 1`` smaller than those before.
    channels
        Maps in each layer.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        Images too small for that many layers.

    Examples
    --------
    >>> m7 = SimpleCNN((1, 28, 28), 10, kernel=7, channels=(48, 96, 144, 192))
    >>> sum(parameter.numel() for parameter in m7.parameters())
    2291972
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        kernel: int,
        channels: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        border = len(channels) * (kernel - 1)
        check_shape(f"A network of {len(channels)} unpadded {kernel} x {kernel} layers",
                    image_shape, classes, least=border + 1)  # fmt: skip
        inputs, height, width = image_shape
        super().__init__()
        self.stretch = _Stretch(inputs)
        for number, (before, maps) in enumerate(pairwise([inputs, *channels]), start=1):
            self.add_module(f"conv{number}", conv(before, maps, kernel, generator=generator))
            self.add_module(f"norm{number}", nn.BatchNorm2d(maps))
            self.add_module(f"relu{number}", nn.ReLU())
        seen = channels[-1] * (height - border) * (width - border)
        self.flatten = _FlattenByPixel()
        self.linear = linear(seen, classes, bias=False, generator=generator)
        self.norm = _BatchNorm(classes)


class _Stretch(nn.Module):
    """Brings the darkest pixel of each channel to -1 and the brightest to 1: the paper's ``(x - 0.5) * 2``.

    Which scale pixels have matters nothing while the first BatchNorm judges by the batch. It does matter once
    averaged weights are judged with running means that belong to other weights, as the paper's are.
    """

    scale: Tensor
    offset: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("scale", torch.ones(channels, 1, 1))
        self.register_buffer("offset", torch.zeros(channels, 1, 1))

    def prepare(self, images: Float[Tensor, "n c h w"]) -> None:
        """Look for the darkest and the brightest pixel of each channel."""
        dark, bright = images.float().transpose(0, 1).flatten(1).aminmax(dim=1)
        self.scale.copy_((2 / (bright - dark).clamp(min=1e-6)).view_as(self.scale))
        self.offset.copy_(-1 - dark.view_as(self.offset) * self.scale)

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return images * self.scale + self.offset


class _BatchNorm(nn.BatchNorm1d):
    """Judges one image alone, such as may be left over of an epoch, by the running statistics."""

    def forward(self, logits: Float[Tensor, "b k"]) -> Float[Tensor, "b k"]:
        if len(logits) > 1 or not self.training:
            return super().forward(logits)
        mean, variance = self.running_mean, self.running_var
        return functional.batch_norm(logits, mean, variance, self.weight, self.bias, eps=self.eps)


class _FlattenByPixel(nn.Module):
    """Rows of pixels, the channels of each side by side: free where they lie so in memory already."""

    def forward(self, maps: Float[Tensor, "b c h w"]) -> Float[Tensor, "b hwc"]:
        return maps.permute(0, 2, 3, 1).flatten(1)
