"""Fully connected networks: each pixel is an input of its own, nothing knows that pixels have neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

from firstlight._errors import UsageError
from firstlight.models._layers import linear

__all__ = ["MLP"]


class MLP(nn.Sequential):
    """Linear layers with ReLU between them.

    Weights start as in He et al. 2015 (arXiv 1502.01852, equation 10: variance 2 / inputs), biases at zero;
    the last layer, which no ReLU follows, with variance 1 / inputs.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image.
    classes
        How many logits come out, at least 2.
    hidden
        Width of each hidden layer; two of them make the article's three-layer network.
    norm
        Normalise each hidden unit over the batch before its ReLU (Ioffe and Szegedy 2015, arXiv 1502.03167).
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        A width or a number of classes that makes no network.

    Examples
    --------
    >>> MLP((1, 28, 28), 10)(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 10])
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        hidden: Sequence[int] = (256, 128),
        norm: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        widths = [math.prod(image_shape), *hidden, classes]
        if min(widths) < 1 or classes < 2:
            raise UsageError(
                f"An MLP needs layers of at least one unit and two classes; got images {image_shape}, "
                f"hidden {tuple(hidden)}, {classes} classes."
            )
        super().__init__(nn.Flatten())
        for number, (inputs, outputs) in enumerate(pairwise(widths), start=1):
            is_last = number == len(widths) - 1
            gain = 1.0 if is_last else 2.0
            self.add_module(f"linear{number}", linear(inputs, outputs, gain=gain, generator=generator))
            if not is_last and norm:
                self.add_module(f"norm{number}", nn.BatchNorm1d(outputs))
            if not is_last:
                self.add_module(f"relu{number}", nn.ReLU())
