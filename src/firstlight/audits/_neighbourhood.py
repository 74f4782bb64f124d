"""The images that look most like a suspect, and how far images are from all others."""

from __future__ import annotations

import torch
from jaxtyping import Float32, Int64, UInt8
from torch import Tensor

from firstlight._seeds import generator
from firstlight.audits._looks import looks

__all__ = ["lonely_distances", "look_alikes"]

BLOCK = 4096
LANDMARKS = 1500
NEAREST = 5


def look_alikes(
    images: UInt8[Tensor, "n c h w"], wanted: Int64[Tensor, " q"], *, count: int = 8
) -> tuple[Int64[Tensor, "q k"], Float32[Tensor, "q k"]]:
    """Return the images whose pixels are nearest to those of the wanted ones, nearest first, and how far.

    Exact, apart from brightness and contrast, and never the image itself. The distance is that of pixels less
    their mean at length 1: 0 is the same, 1.41 has nothing in common. Pixels, not what a network makes of
    them: one that took a wrong label for true would show images that agree with it.

    Parameters
    ----------
    images
        All images.
    wanted
        Places of those that are asked about.
    count
        How many to return; fewer where there are not so many.
    """
    count = min(count, len(images) - 1)
    asked = looks(images[wanted])
    best = torch.full((len(wanted), count), -2.0)
    where = torch.zeros(len(wanted), count, dtype=torch.int64)
    for places in torch.split(torch.arange(len(images)), BLOCK):
        likeness = asked @ looks(images[places[0] : places[-1] + 1]).T
        likeness[wanted[:, None] == places[None]] = -3.0
        values, nearest = likeness.topk(min(count, len(places)), dim=1)
        all_values, all_places = torch.cat([best, values], 1), torch.cat([where, places[nearest]], 1)
        best, order = all_values.topk(count, dim=1)
        where = all_places.gather(1, order)
    return where, (2 - 2 * best).clamp_min(0).sqrt()


def lonely_distances(images: UInt8[Tensor, "n c h w"], *, seed: int = 0) -> Float32[Tensor, " n"]:
    """Return how far each image is from others: its fifth smallest distance to 1,500 images drawn at random.

    The fifth, so that a near duplicate does not hide an image that is like nothing else; drawn ones, because
    all pairs would take minutes. Distances are those of `look_alikes`.
    """
    drawn = torch.randperm(len(images), generator=generator(seed, "landmarks"))[:LANDMARKS]
    marks = looks(images[drawn])
    nearest = min(NEAREST + 1, len(marks))  # a drawn image is its own nearest
    near = [(looks(block) @ marks.T).topk(nearest, dim=1).values for block in torch.split(images, BLOCK)]
    distances = (2 - 2 * torch.cat(near)).clamp_min(0).sqrt()
    is_drawn = torch.zeros(len(images), dtype=torch.bool).index_fill_(0, drawn, True)
    return torch.where(is_drawn, distances[:, -1], distances[:, max(0, nearest - 2)])
