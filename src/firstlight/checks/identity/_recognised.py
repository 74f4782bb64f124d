"""`Recognised`: which image each picture is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64, Shaped
from torch import Tensor

from firstlight.checks.identity._turns import TURNS

__all__ = ["Recognised", "spread", "unknown", "unrolled"]

SURE_LIKENESS = 0.97
SURE_MARGIN = 0.01


@dataclass(frozen=True, eq=False)
class Recognised:
    """Which image each picture is.

    Attributes
    ----------
    index
        Place in the atlas, of duplicates the first; -1 where unknown.
    turn
        Place in `TURNS`.
    offset
        Rows and columns by which the content lies lower and more to the right than in the image, once the
        turn is undone. Known where ``is_exact``.
    likeness, own_likeness, margin
        Correlation with the image; with the nearest one that bears the delivered label; and by how much the
        next image is less like. 1 where exact.
    is_exact
        Whether content and image are equal, pixel for pixel, in shape or in value.
    is_doubtful, is_wide
        Of pictures found by likeness: little like those of their label; looked for among all.
    rule
        How content was told from background; ``"values"`` for pictures compared by value, ``"likeness"`` for
        the nearest ones, ``"none"`` where nothing was found.
    roll
        Rows and columns by which all pictures are rolled around the edge; or one number, the pixels by which
        they are rolled as lines of pixels.
    channels
        The order of the channels.
    votes
        How like pictures of a small sample are with each turn undone, where only the nearest was found.
    sizing
        How pictures found by likeness were brought to their size.
    """

    index: Int64[Tensor, " n"]
    turn: Int64[Tensor, " n"]
    offset: Int64[Tensor, "n 2"]
    likeness: Float[Tensor, " n"]
    own_likeness: Float[Tensor, " n"]
    margin: Float[Tensor, " n"]
    is_exact: Bool[Tensor, " n"]
    is_doubtful: Bool[Tensor, " n"]
    is_wide: Bool[Tensor, " n"]
    votes: Float[Tensor, "k turns"]
    rule: str = "none"
    roll: tuple[int, ...] = (0, 0)
    channels: tuple[int, ...] = ()
    sizing: str = "none"

    @property
    def is_known(self) -> Bool[Tensor, " n"]:
        """Which pictures were found."""
        return self.index >= 0

    @property
    def is_sure(self) -> Bool[Tensor, " n"]:
        """Which pictures are that image beyond doubt."""
        near = (self.likeness >= SURE_LIKENESS) & (self.margin >= SURE_MARGIN)
        return self.is_exact | (self.is_known & near)

    @property
    def known_share(self) -> float:
        """Share of the pictures that were found."""
        return float(self.is_known.float().mean()) if len(self.index) else 0.0

    @property
    def exact_share(self) -> float:
        """Share of the pictures that were found exactly."""
        return float(self.is_exact.float().mean()) if len(self.index) else 0.0

    @property
    def sure_share(self) -> float:
        """Share of the pictures that are beyond doubt."""
        return float(self.is_sure.float().mean()) if len(self.index) else 0.0


def unknown(n: int) -> Recognised:
    """Return that none of n pictures is known."""
    no = torch.zeros(n, dtype=torch.bool)
    return Recognised(
        index=torch.full((n,), -1),
        turn=torch.zeros(n, dtype=torch.int64),
        offset=torch.zeros(n, 2, dtype=torch.int64),
        likeness=torch.zeros(n),
        own_likeness=torch.zeros(n),
        margin=torch.zeros(n),
        is_exact=no,
        is_doubtful=no.clone(),
        is_wide=no.clone(),
        votes=torch.zeros(0, len(TURNS)),
    )


def spread(n: int, most: int) -> Int64[Tensor, " k"]:
    """Return at most so many places, evenly spread."""
    return torch.linspace(0, n - 1, most).long() if n > most else torch.arange(n)


def unrolled(images: Shaped[Tensor, "n c h w"], roll: tuple[int, ...]) -> Shaped[Tensor, "n c h w"]:
    """Undo a roll."""
    if len(roll) == 1:
        return images.reshape(*images.shape[:2], -1).roll(-roll[0], 2).reshape(images.shape)
    return images.roll((-roll[0], -roll[1]), (2, 3)) if any(roll) else images
