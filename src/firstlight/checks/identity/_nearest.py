"""The most similar image of a data set, for pictures that were resized, blurred, turned a little or noised.

Vectors are compared by correlation: first in the 64 directions in which the data set varies most, and the
best ten in full. All comparisons are matrix products of whole blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._prepared import Plan

__all__ = ["Found", "best_of", "nearest"]

CANDIDATES = 10
BLOCK = 512
MOST_WIDE = 2_000  # images that are looked for among all, and not only among those of their label
LESS_LIKE = 0.03  # than usual is a picture that may be none of its label


@dataclass(frozen=True, eq=False)
class Found:
    """The most similar images.

    Attributes
    ----------
    index
        Of the most similar one; -1 where none was looked for.
    likeness, margin
        Correlation with it, and by how much the next one is less like.
    own_likeness
        Correlation with the most similar one of those that bear the picture's own label.
    is_doubtful, is_wide
        Whether it is little like those of its label; whether all images were searched for it.
    """

    index: Int64[Tensor, " n"]
    likeness: Float[Tensor, " n"]
    margin: Float[Tensor, " n"]
    own_likeness: Float[Tensor, " n"]
    is_doubtful: Bool[Tensor, " n"]
    is_wide: Bool[Tensor, " n"]


def nearest(
    seen: Float[Tensor, "n pixels"],
    labels: Int64[Tensor, " n"],
    atlas: Atlas,
    plan: Plan,
    *,
    wide: int = MOST_WIDE,
) -> Found:
    """Look for each picture among the images of its label; for those unlike any of them, among all.

    Parameters
    ----------
    seen
        Prepared as the plan's are.
    labels
        As they were delivered; -1 where there is none.
    wide
        Of at most how many the whole data set is searched.
    """
    index = torch.full((len(seen),), -1)
    likeness, second = torch.zeros(len(seen)), torch.zeros(len(seen))
    short = seen @ plan.directions
    for label in range(len(atlas.classes)):
        rows, among = (labels == label).nonzero()[:, 0], (atlas.labels == label).nonzero()[:, 0]
        if len(rows) and len(among):
            index[rows], likeness[rows], second[rows] = best_of(seen[rows], short[rows], among, plan)
    own = likeness.clone()
    is_found = index >= 0
    usual = float(likeness[is_found].quantile(0.75)) if is_found.any() else 1.0
    is_doubtful = ~is_found | (likeness < usual - LESS_LIKE)
    doubtful = is_doubtful.nonzero()[:, 0]
    rows = doubtful[_spread(len(doubtful), wide)]
    is_wide = torch.zeros(len(seen), dtype=torch.bool)
    if len(rows):
        everything = torch.arange(len(atlas.images))
        index[rows], likeness[rows], second[rows] = best_of(seen[rows], short[rows], everything, plan)
        is_wide[rows] = True
    return Found(index, likeness, likeness - second, own, is_doubtful, is_wide)


def best_of(
    seen: Float[Tensor, "m pixels"], short: Float[Tensor, "m d"], among: Int64[Tensor, " k"], plan: Plan
) -> tuple[Int64[Tensor, " m"], Float[Tensor, " m"], Float[Tensor, " m"]]:
    """Return the most similar images among some, their correlation, and that of the next ones."""
    theirs = plan.short[among]
    indices, best, second = [], [], []
    for block, wanted in zip(torch.split(short, BLOCK), torch.split(seen, BLOCK), strict=True):
        near = (block @ theirs.T).topk(min(CANDIDATES, len(among)), dim=1).indices
        full = torch.einsum("mp,mkp->mk", wanted, plan.looks[among[near]].float())
        ranked = full.sort(dim=1, descending=True)
        indices.append(among[near.gather(1, ranked.indices[:, :1])[:, 0]])
        best.append(ranked.values[:, 0])
        second.append(ranked.values[:, min(1, len(among) - 1)])
    return torch.cat(indices), torch.cat(best), torch.cat(second)


def _spread(count: int, most: int) -> Int64[Tensor, " k"]:
    if count <= most:
        return torch.arange(count)
    return torch.linspace(0, count - 1, most).long()
