"""What became of grey values: an affine map of all, one for each picture, a curve, or something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._recognised import Recognised, unrolled
from firstlight.checks.identity._turns import TURNS

__all__ = ["Greys", "fit_greys"]

PAIRS = 200
TIGHT = 2e-3  # of the range; float16 rounds by 1e-3 of it


@dataclass(frozen=True)
class Greys:
    """How delivered values follow from the bytes u of the images.

    Attributes
    ----------
    form
        ``"affine"``: slope * u + start for all; ``"each"``: with a slope of each picture's own;
        ``"curve"``: one value for each u; ``"other"``: none of them.
    slope, start
        By channel, of an affine map.
    is_monotone
        Whether greater u never become smaller values (or always do).
    rest
        Largest difference from the map, as a share of the range.
    """

    form: Literal["affine", "each", "curve", "other"]
    slope: tuple[float, ...]
    start: tuple[float, ...]
    is_monotone: bool
    rest: float


def fit_greys(images: Shaped[Tensor, "n c h w"], recognised: Recognised, atlas: Atlas) -> Greys | None:
    """Hold pictures that were found exactly against their images; ``None`` where there are too few.

    Parameters
    ----------
    images
        As they were delivered.
    recognised
        Of the same images.
    atlas
        The data set.
    """
    rows = (recognised.is_exact & atlas.is_lone[recognised.index.clamp(min=0)]).nonzero()[:, 0]
    if recognised.rule.startswith("half") or len(rows) < 8:
        return None
    rows = rows[torch.linspace(0, len(rows) - 1, min(PAIRS, len(rows))).long()]
    pairs = [_pair(images[row : row + 1], int(row), recognised, atlas) for row in rows]
    fits = [_line(pairs, channel) for channel in range(atlas.images.shape[1])]
    slope, start, rest = zip(*fits, strict=True)
    if max(rest) <= TIGHT:
        return Greys("affine", slope, start, True, max(rest))
    own = max(_line([pair], 0)[2] for pair in pairs)
    if own <= TIGHT:
        return Greys("each", slope, start, True, own)
    spread, is_monotone = _curve(pairs)
    return Greys("curve" if spread <= TIGHT else "other", slope, start, is_monotone, spread)


Pair = tuple[Float[Tensor, "c k"], Float[Tensor, "c k"]]


def _pair(picture: Shaped[Tensor, "1 c h w"], row: int, recognised: Recognised, atlas: Atlas) -> Pair:
    """Return bytes of the image and values of the picture at the same places."""
    picture = unrolled(picture, recognised.roll)
    picture = TURNS[int(recognised.turn[row])].undo(picture)[0].double()
    if len(recognised.channels) == len(picture):
        picture = picture[list(recognised.channels)]
    image = atlas.images[int(recognised.index[row])].double()
    down, across = (int(number) for number in recognised.offset[row])
    height, width = image.shape[1:]
    top, left = max(0, down), max(0, across)
    bottom = min(picture.shape[1], height + down)
    right = min(picture.shape[2], width + across)
    here = picture[:, top:bottom, left:right]
    there = image[:, top - down : bottom - down, left - across : right - across]
    return there.reshape(len(image), -1), here.reshape(len(image), -1)


def _line(pairs: list[Pair], channel: int) -> tuple[float, float, float]:
    """Fit value = slope * u + start; also return the largest difference as a share of the range."""
    u = torch.cat([pair[0][channel] for pair in pairs])
    value = torch.cat([pair[1][channel] for pair in pairs])
    spread = float(((u - u.mean()) ** 2).sum())
    slope = float(((u - u.mean()) * (value - value.mean())).sum()) / max(spread, 1e-12)
    start = float(value.mean()) - slope * float(u.mean())
    scale = max(float(value.max() - value.min()), 1e-12)
    return slope, start, float((value - slope * u - start).abs().max()) / scale


def _curve(pairs: list[Pair]) -> tuple[float, bool]:
    """Return how much values of the same byte differ, and whether values follow the order of bytes."""
    u = torch.cat([pair[0].reshape(-1) for pair in pairs]).long()
    value = torch.cat([pair[1].reshape(-1) for pair in pairs]).float()
    scale = max(float(value.max() - value.min()), 1e-12)
    low = torch.full((256,), torch.inf).scatter_reduce_(0, u, value, reduce="amin")
    high = torch.full((256,), -torch.inf).scatter_reduce_(0, u, value, reduce="amax")
    seen = torch.isfinite(low)
    middle = ((low + high) / 2)[seen]
    steps = middle.diff() / scale
    is_monotone = bool((steps >= -TIGHT).all()) or bool((steps <= TIGHT).all())
    return float((high - low)[seen].max()) / scale, is_monotone
