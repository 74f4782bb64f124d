"""Images that are in the data twice: byte for byte, or nearly so; within a split or across both."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from firstlight.audits._looks import looks, short_looks

__all__ = ["Duplicate", "Member", "find_duplicates"]

LEAST_CORRELATION = 0.99
MOST_IMAGES = 150_000
MOST_PAIRS = 100_000
BLOCK = 2048
VERIFIED_AT_ONCE = 8192
SLACK = 1e-4  # of float32, so that rounding loses no pair

Spoken = Callable[[int], tuple[str, int]]


@dataclass(frozen=True)
class Member:
    """One of several images that are the same: its split, its place there, and its label."""

    split: str
    index: int
    given: int


@dataclass(frozen=True)
class Duplicate:
    """Images that are the same.

    Attributes
    ----------
    kind
        ``"exact"``: every pixel is equal. ``"near"``: pixels correlate by 0.99 or more, as after a picture
        was saved anew, or got a little noise, other brightness or contrast.
    members
        The images, two or more. Of a near duplicate each is close to one of the others, not to all.
    correlation
        Of the least alike pair that joins them; 1 where it is exact.
    """

    kind: Literal["exact", "near"]
    members: tuple[Member, ...]
    correlation: float

    @property
    def crosses_splits(self) -> bool:
        """Whether it is in train and in test: what is tested was learnt."""
        return len({member.split for member in self.members}) > 1

    @property
    def labels_differ(self) -> bool:
        """Whether the same image has two labels, of which one is wrong."""
        return len({member.given for member in self.members}) > 1

    def fields(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "kind": self.kind,
            "members": [asdict(member) for member in self.members],
            "correlation": self.correlation,
            "crosses_splits": self.crosses_splits,
            "labels_differ": self.labels_differ,
        }


def find_duplicates(
    images: UInt8[Tensor, "n c h w"],
    labels: Int64[Tensor, " n"],
    *,
    spoken: Spoken,
    least_correlation: float = LEAST_CORRELATION,
) -> tuple[Duplicate, ...]:
    """Return all images that are in the data more than once, those in two splits or with two labels first.

    Every pair is compared. Does not see pictures that were shifted, turned, mirrored or cropped. At the
    default of 0.99, three pairs of MNIST's 70,000 images count as near, all of them plain strokes labelled 1,
    which two people can well draw alike: look before you drop.

    Parameters
    ----------
    images, labels
        All images that there are, of one split or of both.
    spoken
        Gives the split of a place, and the index there.
    least_correlation
        Of the pixels of a near duplicate. Near ones are looked for among up to 150,000 images, and at most
        100,000 pairs are told: so many mean that the images are nearly all alike.
    """
    given = labels.tolist()

    def group(kind: Literal["exact", "near"], places: list[int], correlation: float) -> Duplicate:
        members = (Member(*spoken(place), given[place]) for place in sorted(places))
        return Duplicate(kind, tuple(members), correlation)

    same = _same(images)
    found = [group("exact", places, 1.0) for places in same if len(places) > 1]
    first = torch.tensor([places[0] for places in same])
    if 1 < len(first) <= MOST_IMAGES:
        distinct = images if len(first) == len(images) else images[first]
        for places, correlation in _joined(_near_pairs(distinct, least_correlation), len(first)):
            found.append(group("near", first[places].tolist(), correlation))
    return tuple(sorted(found, key=lambda one: (not one.crosses_splits, not one.labels_differ, one.kind)))


def _same(images: Tensor) -> list[list[int]]:
    """Return the places of all images, those with equal pixels together."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for place, image in enumerate(images.numpy(force=True)):
        places[hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16).digest()].append(place)
    return list(places.values())


def _near_pairs(images: Tensor, least: float) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield pairs of places [m, 2] whose pixels correlate so much, and by how much."""
    short = short_looks(images)
    half = short.square().sum(dim=1) / 2
    found = 0
    for rows in torch.split(torch.arange(len(images)), BLOCK):
        for columns in torch.split(torch.arange(int(rows[0]), len(images)), BLOCK):
            # |a - b|^2 <= 2 - 2 least, written as a product so that the block is passed over twice only.
            product = torch.addmm(-half[columns][None], short[rows], short[columns].T)
            close = torch.nonzero(product >= (half[rows] - (1 - least) - SLACK)[:, None])
            pairs = close + torch.stack([rows[0], columns[0]])
            for part in torch.split(pairs[pairs[:, 0] < pairs[:, 1]], VERIFIED_AT_ONCE):
                correlation = (looks(images[part[:, 0]]) * looks(images[part[:, 1]])).sum(dim=1)
                is_near = correlation >= least
                found += int(is_near.sum())
                yield part[is_near], correlation[is_near]
                if found >= MOST_PAIRS:
                    return


def _joined(
    pairs: Iterator[tuple[Tensor, Tensor]], count: int
) -> Iterator[tuple[Int64[Tensor, " m"], float]]:
    """Put pairs that share an image together."""
    collected = [(places, by) for places, by in pairs if len(places)]
    if not collected:
        return
    places = torch.cat([part for part, _ in collected]).numpy()
    by = torch.cat([part for _, part in collected]).numpy()
    graph = coo_matrix((np.ones(len(by)), (places[:, 0], places[:, 1])), shape=(count, count))
    group = connected_components(graph, directed=False)[1]
    for number in np.unique(group[places[:, 0]]):
        is_in = group[places[:, 0]] == number
        yield torch.from_numpy(np.unique(places[is_in])), float(min(1.0, by[is_in].min()))
