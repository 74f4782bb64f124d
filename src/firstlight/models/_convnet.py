"""Small convolutional networks for a processor: half the resolution at once, few and busy layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models._layers import conv, linear
from firstlight.models._shapes import check_shape

__all__ = ["ConvNet", "ConvStage"]


class ConvStage(NamedTuple):
    """One convolution with what follows it.

    Attributes
    ----------
    channels
        How many come out.
    kernel, padding
        Side of the filters, and pixels of border, in pixels of this stage.
    pool
        Keep the greatest of each four neighbours. Before the normalisation, which then has a quarter to do.
    """

    channels: int
    kernel: int = 3
    padding: int = 0
    pool: bool = False


class ConvNet(nn.Sequential):
    """Pixels four to a place, stages of convolution, BatchNorm and GELU, then one linear layer.

    A first convolution over one grey channel leaves a processor's vector units nearly idle. So each block of
    2 x 2 pixels first becomes one place with four channels: a filter of 3 then sees 6 x 6 pixels, and every
    later layer works at a quarter of the places. First weights are torch's usual ones.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image; both sides even.
    classes
        How many logits come out.
    stages
        The convolutions, first to last.
    blocks
        Whether to begin with blocks of 2 x 2 pixels. Digits lose nothing by it, clothes do.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        Odd sides with blocks, or images that the stages leave nothing of.

    Examples
    --------
    >>> net = ConvNet((1, 28, 28), 10, stages=[ConvStage(16), ConvStage(32, pool=True), ConvStage(64)])
    >>> net(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 10])
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        stages: Sequence[ConvStage],
        blocks: bool = True,
        generator: torch.Generator | None = None,
    ) -> None:
        side = 2 if blocks else 1
        check_shape("This convolutional network", image_shape, classes, least=side * _least_side(stages))
        channels, height, width = image_shape
        if height % side or width % side:
            raise UsageError(
                f"This convolutional network needs images with even sides; got {height} x {width}."
            )
        super().__init__(*([_Blocks()] if blocks else []))
        inputs = side * side * channels
        for number, stage in enumerate(stages, start=1):
            layer = conv(inputs, stage.channels, stage.kernel, padding=stage.padding, generator=generator)
            self.add_module(f"conv{number}", layer)
            if stage.pool:
                self.add_module(f"pool{number}", nn.MaxPool2d(2))
            self.add_module(f"norm{number}", nn.BatchNorm2d(stage.channels))
            self.add_module(f"gelu{number}", nn.GELU())
            inputs = stage.channels
        self.add_module("flatten", nn.Flatten())
        places = _side_after(stages, height // side) * _side_after(stages, width // side)
        self.add_module("linear", linear(inputs * places, classes, generator=generator))


class _Blocks(nn.Module):
    """Make each block of 2 x 2 pixels one place with four times the channels."""

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b 4*c h/2 w/2"]:
        blocks = functional.pixel_unshuffle(images, 2)
        return blocks.contiguous(memory_format=torch.channels_last)


def _side_after(stages: Sequence[ConvStage], side: int) -> int:
    for stage in stages:
        side = (side + 2 * stage.padding - stage.kernel + 1) // (2 if stage.pool else 1)
    return side


def _least_side(stages: Sequence[ConvStage]) -> int:
    """Return the smallest side, in places, of which the stages leave anything."""
    side = 1
    for stage in reversed(stages):
        side = side * (2 if stage.pool else 1) + stage.kernel - 1 - 2 * stage.padding
    return side
