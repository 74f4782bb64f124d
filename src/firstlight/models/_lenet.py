"""LeNet-5, the network that MNIST was published with."""

from __future__ import annotations

import torch
from torch import nn

from firstlight.models._layers import conv, linear
from firstlight.models._shapes import check_shape

__all__ = ["LeNet5"]

SIZE = 32  # what LeCun padded the digits to, so that strokes reach the middle of every filter


class LeNet5(nn.Sequential):
    """Two convolutions, each with pooling, and three linear layers: 61,706 numbers for MNIST.

    After LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition",
    section II.B, in the form it has today. Departures from the paper: ReLU instead of a scaled tanh; the
    greatest of four pixels instead of their sum times a trained coefficient; every map of the second
    convolution sees all six before it, not a chosen few; a linear layer and softmax instead of distances to
    drawn letters; first weights of He et al. 2015. The border is zero after normalising: the mean grey.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image. Below 32 pixels it gets a border of two.
    classes
        How many logits come out.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        Images too small to be pooled twice.

    Examples
    --------
    >>> net = LeNet5((1, 28, 28), 10)
    >>> sum(parameter.numel() for parameter in net.parameters())
    61706
    """

    def __init__(
        self, image_shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
    ) -> None:
        check_shape("LeNet-5", image_shape, classes, least=12)
        channels, *sides = image_shape
        border = 2 if min(sides) < SIZE else 0
        height, width = ((((side + 2 * border - 4) // 2) - 4) // 2 for side in sides)

        super().__init__()
        self.conv1 = conv(channels, 6, 5, padding=border, bias=True, gain=2.0, generator=generator)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(2)
        self.conv2 = conv(6, 16, 5, bias=True, gain=2.0, generator=generator)
        self.relu2, self.pool2 = nn.ReLU(), nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.linear1 = linear(16 * height * width, 120, gain=2.0, generator=generator)
        self.relu3 = nn.ReLU()
        self.linear2 = linear(120, 84, gain=2.0, generator=generator)
        self.relu4 = nn.ReLU()
        self.linear3 = linear(84, classes, gain=1.0, generator=generator)
