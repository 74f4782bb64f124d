"""Wide residual networks: each block adds to what it was given."""

from __future__ import annotations

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models._layers import conv, linear
from firstlight.models._shapes import check_shape

__all__ = ["WideResNet"]


class WideResNet(nn.Module):
    """Three groups of residual blocks, BatchNorm and ReLU before each convolution; WRN-depth-width.

    After Zagoruyko and Komodakis 2016, "Wide Residual Networks", arXiv 1605.07146, table 1, without dropout.
    First weights of He et al. 2015 by the number of inputs; the last layer with variance 1 / inputs.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image.
    classes
        How many logits come out.
    depth
        Layers: 6 n + 4 with n blocks in each group, so 10, 16, 22, 28, 40.
    width
        The groups have 16, 32 and 64 maps times this.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        A depth that makes no blocks, or images too small to be halved twice.

    Examples
    --------
    >>> net = WideResNet((3, 32, 32), 10, depth=16, width=4)
    >>> sum(parameter.numel() for parameter in net.parameters())
    2748890
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        depth: int = 16,
        width: int = 4,
        generator: torch.Generator | None = None,
    ) -> None:
        check_shape("A wide ResNet", image_shape, classes, least=4)
        blocks = (depth - 4) // 6
        if blocks < 1 or depth != 6 * blocks + 4 or width < 1:
            raise UsageError(
                f"A wide ResNet has 6 n + 4 layers (10, 16, 22, 28 ...) and a width of at least 1; "
                f"got depth={depth}, width={width}."
            )
        super().__init__()
        self.conv = conv(image_shape[0], 16, 3, padding=1, gain=2.0, generator=generator)
        widths = [16, 16 * width, 32 * width, 64 * width]
        layers = []
        for group, (inputs, outputs) in enumerate(pairwise(widths)):
            layers.append(_Block(inputs, outputs, 2 if group else 1, generator))
            layers.extend(_Block(outputs, outputs, 1, generator) for _ in range(blocks - 1))
        self.blocks = nn.Sequential(*layers)
        self.norm = nn.BatchNorm2d(widths[-1])
        self.head = linear(widths[-1], classes, gain=1.0, generator=generator)

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return the logits of each image."""
        maps: Tensor = functional.relu(self.norm(self.blocks(self.conv(images))))
        logits: Tensor = self.head(maps.mean(dim=(2, 3)))
        return logits


class _Block(nn.Module):
    """Two convolutions whose result is added to the input, which one of 1 x 1 brings to the new shape."""

    def __init__(self, inputs: int, outputs: int, stride: int, generator: torch.Generator | None) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = conv(inputs, outputs, 3, stride=stride, padding=1, gain=2.0, generator=generator)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3, padding=1, gain=2.0, generator=generator)
        changes = stride > 1 or inputs != outputs
        self.shortcut = (
            conv(inputs, outputs, 1, stride=stride, gain=1.0, generator=generator) if changes else None
        )

    def forward(self, maps: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d g v"]:
        active = functional.relu(self.norm1(maps))
        added: Tensor = self.conv2(functional.relu(self.norm2(self.conv1(active))))
        return added + (maps if self.shortcut is None else self.shortcut(active))
