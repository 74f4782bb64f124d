"""A small vision transformer: patches of an image, read like words."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from firstlight._errors import UsageError
from firstlight.models._layers import conv, linear
from firstlight.models._shapes import check_shape

__all__ = ["ViT"]


class ViT(nn.Module):
    """A transformer over square patches of the image.

    After Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", arXiv 2010.11929. Departures: the mean of
    all patches is judged, not an extra one (Beyer et al. 2022, arXiv 2205.01580); the last layer of a branch
    starts smaller by the root of the number of branches (Radford et al. 2019, section 2.3); no dropout.

    Parameters
    ----------
    image_shape
        Channels, height and width of an image, both a multiple of ``patch``.
    classes
        How many logits come out.
    patch
        Height and width of a patch in pixels.
    width, depth, heads
        Numbers for each patch, blocks, and heads in each block; ``heads`` divides ``width``.
    expansion
        Units of a block's hidden layer for each of ``width``.
    generator
        Draws the first weights; ``None`` takes torch's global one.

    Raises
    ------
    UsageError
        Sizes that do not divide.

    Examples
    --------
    >>> net = ViT((1, 28, 28), 10)
    >>> net(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 10])
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        classes: int,
        *,
        patch: int = 4,
        width: int = 64,
        depth: int = 6,
        heads: int = 4,
        expansion: int = 2,
        generator: torch.Generator | None = None,
    ) -> None:
        channels, *sides = image_shape
        check_shape("A ViT", image_shape, classes, least=patch)
        if any(side % patch for side in sides) or width % heads:
            raise UsageError(
                "A ViT needs patches that fill the image, and heads that share its width; got patches of "
                f"{patch} for {sides[0]} x {sides[1]} pixels and {heads} heads for a width of {width}. "
                "Use another patch, or another recipe."
            )
        super().__init__()
        self.patches = conv(channels, width, patch, stride=patch, bias=True, gain=1.0, generator=generator)
        count = (sides[0] // patch) * (sides[1] // patch)
        self.places = nn.Parameter(torch.empty(count, width).normal_(0.0, 0.02, generator=generator))
        branches = 2 * depth
        self.blocks = nn.Sequential(
            *(_Block(width, heads, expansion * width, branches, generator) for _ in range(depth))
        )
        self.norm = nn.LayerNorm(width)
        self.head = linear(width, classes, gain=1.0, generator=generator)

    def forward(self, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Return the logits of each image."""
        words = self.patches(images).flatten(2).transpose(1, 2) + self.places
        read: Tensor = self.norm(self.blocks(words))
        logits: Tensor = self.head(read.mean(dim=1))
        return logits


class _Block(nn.Module):
    """Every patch looks at all others, then thinks on its own; both are added to what it was."""

    def __init__(
        self, width: int, heads: int, hidden: int, branches: int, generator: torch.Generator | None
    ) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.look = linear(width, 3 * width, gain=1.0, generator=generator)
        self.gather = linear(width, width, gain=1.0 / branches, generator=generator)
        self.think = linear(width, hidden, gain=2.0, generator=generator)
        self.answer = linear(hidden, width, gain=1.0 / branches, generator=generator)

    def forward(self, words: Float[Tensor, "b n w"]) -> Float[Tensor, "b n w"]:
        looked: Tensor = words + self.gather(self._attention(self.norm1(words)))
        thought: Tensor = self.answer(functional.gelu(self.think(self.norm2(looked))))
        return looked + thought

    def _attention(self, words: Float[Tensor, "b n w"]) -> Float[Tensor, "b n w"]:
        # Written out, since the backward pass of torch's scaled_dot_product_attention takes, in bfloat16 on a
        # CPU, three times as long as everything else in this network.
        three: Tensor = self.look(words)
        asked, known, told = three.view(*words.shape[:2], 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        shares = ((asked * asked.shape[-1] ** -0.5) @ known.mT).softmax(dim=-1)
        seen: Tensor = shares.to(told.dtype) @ told
        return seen.transpose(1, 2).flatten(2)
