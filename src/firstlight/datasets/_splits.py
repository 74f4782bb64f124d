"""Stratified parts and folds that are the same on every machine, for ever.

Everything rests on one order of the images in which *every prefix* has the classes in proportion:
parts and folds are cut out of it. Within a class the order is decided by a hash of (seed, place), not by a
library's shuffle, whose algorithm may change from one release to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import torch
from jaxtyping import Int64
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight._seeds import check_seed

__all__ = ["canonical_indices", "fold_indices", "part_indices", "stratified_order"]

CANONICAL_SEED = 0
CANONICAL_VALIDATION = 5_000

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio

Indices = Int64[Tensor, " _"]  # parts differ in size, so the axis has no name
UInt64Array = NDArray[np.uint64]


def stratified_order(labels: Int64[Tensor, " n"], *, seed: int = 0) -> Int64[Tensor, " n"]:
    """Return an order of all images in which every prefix has the classes in proportion, within one image.

    Parameters
    ----------
    labels
        ``[n]``, int64, each at least 0.
    seed
        In [0, 2**63); another seed gives another order.

    Returns
    -------
    Tensor
        ``[n]``, int64: a permutation of 0 to n - 1.

    Examples
    --------
    >>> labels = torch.tensor([0, 0, 0, 0, 1, 1])
    >>> labels[stratified_order(labels)].tolist()
    [0, 1, 0, 0, 1, 0]
    """
    numbers = labels.numpy(force=True)
    keys = _hashes(len(numbers), seed)
    by_class = np.lexsort((keys, numbers))
    counts = np.bincount(numbers)
    rank = np.arange(len(numbers)) - np.repeat(np.cumsum(counts) - counts, counts)
    # The r-th of c images belongs at the fraction (r + 1/2) / c of the whole.
    wanted = (2 * rank + 1) / (2 * np.repeat(counts, counts))
    return torch.from_numpy(by_class[np.lexsort((numbers[by_class], wanted))])


def part_indices(
    labels: Int64[Tensor, " n"], shares: Sequence[int | float], *, seed: int = 0
) -> tuple[Indices, ...]:
    """Cut a data set into stratified parts that do not overlap.

    Parameters
    ----------
    labels
        ``[n]``, int64.
    shares
        Whole numbers of images, or fractions in (0, 1]. What they leave over becomes one further part.
    seed
        In [0, 2**63).

    Returns
    -------
    tuple of Tensor
        The places of each part's images, in ascending order.

    Raises
    ------
    UsageError
        The shares are of both kinds, are more than there is, or leave a part without an image.

    Examples
    --------
    >>> labels = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
    >>> [labels[part].tolist() for part in part_indices(labels, [0.5])]
    [[0, 0, 1, 1], [0, 0, 1, 1]]
    """
    sizes = _sizes(shares, len(labels))
    order = stratified_order(labels, seed=seed)
    bounds = [0, *accumulate(sizes)]
    return tuple(order[start:stop].sort().values for start, stop in pairwise(bounds))


def fold_indices(labels: Int64[Tensor, " n"], count: int, *, seed: int = 0) -> tuple[Indices, ...]:
    """Return the places of ``count`` stratified folds, which together hold every image once.

    Raises
    ------
    UsageError
        ``count`` is below 2, or above the number of images of the smallest class.

    Examples
    --------
    >>> labels = torch.tensor([0, 0, 0, 1, 1, 1])
    >>> [labels[fold].tolist() for fold in fold_indices(labels, 3)]
    [[0, 1], [0, 1], [0, 1]]
    """
    present = torch.bincount(labels)
    smallest = int(present[present > 0].min())
    if not isinstance(count, int) or not 2 <= count <= smallest:
        raise UsageError(f"The number of folds goes from 2 to {smallest}, the smallest class; got {count!r}.")
    bounds = [len(labels) * place // count for place in range(1, count)]
    order = stratified_order(labels, seed=seed)
    return tuple(fold.sort().values for fold in torch.tensor_split(order, bounds))


def canonical_indices(labels: Int64[Tensor, " n"]) -> tuple[Indices, Indices]:
    """Return the places of the canonical train and validation parts of a train split.

    Validation gets 5,000 images, or a tenth where that is less; stratified, seed 0. This never changes.
    """
    size = min(CANONICAL_VALIDATION, len(labels) // 10)
    validation, train = part_indices(labels, [size], seed=CANONICAL_SEED)
    return train, validation


def _sizes(shares: Sequence[int | float], total: int) -> list[int]:
    if not shares or any(isinstance(share, bool) or not isinstance(share, int | float) for share in shares):
        raise UsageError(f"Shares are numbers of images or fractions; got {list(shares)!r}.")
    whole = [isinstance(share, int) for share in shares]
    if any(whole) and not all(whole):
        raise UsageError(f"Shares are all whole numbers of images or all fractions; got {list(shares)}.")
    if not all(whole) and sum(shares) > 1 + 1e-9:
        raise UsageError(f"Fractions may sum to 1 at most; got {list(shares)}.")
    # Bounds are rounded, not sizes, so that fractions that sum to 1 leave nothing over.
    bounds = [share if all(whole) else round(total * share) for share in accumulate(shares)]
    sizes = [stop - start for start, stop in pairwise([0, *map(int, bounds)])]
    if min(sizes) < 1 or sum(sizes) > total:
        raise UsageError(
            f"Each part needs an image, and there are {total}; {list(shares)} means parts of {sizes}."
        )
    return [*sizes, total - sum(sizes)] if sum(sizes) < total else sizes


def _hashes(count: int, seed: int) -> UInt64Array:
    """One well mixed 64-bit number for each place: splitmix64 (Steele, Lea, Flood 2014) of seed and place."""
    start = _mix(np.array([check_seed(seed)], dtype=np.uint64))
    return _mix(start + np.arange(count, dtype=np.uint64) * GOLDEN)


def _mix(z: UInt64Array) -> UInt64Array:
    z = z + GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: UInt64Array = z ^ (z >> np.uint64(31))
    return mixed
