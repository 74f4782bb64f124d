"""The network of the CIFAR-10 speed records: whitened patches, pairs of convolutions, one linear layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight.models._dirac import start_as_identity
from firstlight.models._layers import conv, linear
from firstlight.models._normalisation import batch_norm
from firstlight.models._shapes import check_shape
from firstlight.models._whitening import Whitening

__all__ = ["AirbenchNet"]


class AirbenchNet(nn.Sequential):
    """Fixed filters whiten patches of 2 x 2, groups halve the image each, its greatest pixel is judged.

    After Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", arXiv 2404.00498, section 3.1, and
    github.com/KellerJordan/cifar10-airbench. Every group is a convolution, the greatest of four pixels,
    BatchNorm with its scale frozen, GELU, and the same without pooling. Convolutions begin by handing on what
    they get.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image, from 9 x 9 for three groups.
    classes
        How many logits come out.
    widths
        Maps of each group.
    head_gain
        Variance of the linear layer's first weights times the number of its inputs.
    logit_scale
        The logits are multiplied by it. A head that starts large and is scaled down learns more slowly.
    bias_epochs
        Epochs in which the bias of the whitening filters is learnt.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        Images too small to be halved that often.

    Examples
    --------
    >>> AirbenchNet((3, 32, 32), 10)(torch.zeros(2, 3, 32, 32)).shape
    torch.Size([2, 10])
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        widths: Sequence[int] = (64, 256, 256),
        head_gain: float = 1 / 3,
        logit_scale: float = 1 / 9,
        bias_epochs: int = 3,
        generator: torch.Generator | None = None,
    ) -> None:
        check_shape("The airbench network", image_shape, classes, least=2 ** len(widths) + 1)
        super().__init__()
        self.whiten = Whitening(image_shape[0], bias_epochs=bias_epochs)
        self.gelu = nn.GELU()
        for number, (inputs, outputs) in enumerate(pairwise([self.whiten.out_channels, *widths]), start=1):
            self.add_module(f"group{number}", _group(inputs, outputs, generator))
        self.pool = nn.AdaptiveMaxPool2d(1)
        self.flatten = nn.Flatten()
        self.head = linear(widths[-1], classes, bias=False, gain=head_gain, generator=generator)
        self.scale = _Scale(logit_scale)


def _group(inputs: int, outputs: int, generator: torch.Generator | None) -> nn.Sequential:
    def halves() -> list[nn.Module]:
        return [batch_norm(outputs, memory=0.6, eps=1e-12, learns_scale=False), nn.GELU()]

    first, second = (
        start_as_identity(conv(before, outputs, 3, padding=1, generator=generator))
        for before in (inputs, outputs)
    )
    return nn.Sequential(first, nn.MaxPool2d(2), *halves(), second, *halves())


class _Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, logits: Float[Tensor, "b k"]) -> Float[Tensor, "b k"]:
        return logits * self.factor
