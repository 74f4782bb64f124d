"""A data set whose images are known, both splits in one, and the tables by which they are found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import torch
from jaxtyping import Bool, Float, Int64, UInt8
from torch import Tensor

from firstlight._errors import FirstlightError
from firstlight.checks.identity._marks import marks

__all__ = ["KNOWN", "Atlas", "Table", "atlas_at_hand", "atlas_of"]

KNOWN = ("mnist", "fashion-mnist", "cifar10")


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers of all images, sorted, to look images up by.

    Attributes
    ----------
    numbers
        Ascending.
    index
        Whose each number is; of equal numbers the first image's.
    """

    numbers: Int64[Tensor, " n"]
    index: Int64[Tensor, " n"]

    @staticmethod
    def of(numbers: Int64[Tensor, " n"]) -> Table:
        """Sort them."""
        found = torch.sort(numbers, stable=True)
        return Table(found.values, found.indices)

    def find(self, numbers: Int64[Tensor, "*shape"]) -> Int64[Tensor, "*shape"]:
        """Return the image of each number, -1 where there is none."""
        place = torch.searchsorted(self.numbers, numbers.contiguous()).clamp(max=len(self.numbers) - 1)
        return torch.where(self.numbers[place] == numbers, self.index[place], -1)


@dataclass(frozen=True, eq=False)
class Atlas:
    """All images of a data set: those of the train split, then those of the test split.

    Attributes
    ----------
    name
        Of the data set.
    images, labels
        ``[n, c, h, w]`` uint8 and ``[n]`` int64.
    train_count
        How many of them are of the train split.
    classes
        Their names.
    mean, std
        Of the train pixels, scaled to [0, 1], by channel.
    """

    name: str
    images: UInt8[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    train_count: int
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def test_count(self) -> int:
        """How many images the test split has."""
        return len(self.images) - self.train_count

    @property
    def is_grey(self) -> bool:
        """Whether images have one channel on a background of zeros."""
        return self.images.shape[1] == 1

    @cached_property
    def shapes(self) -> Table:
        """By which pixels are not background, wherever the content lies."""
        return Table.of(marks(self.images > 0).numbers[:, 0])

    @cached_property
    def halves(self) -> Table:
        """By which pixels are brighter than half of white, wherever they lie."""
        return Table.of(marks(self.images > 127).numbers[:, 0])

    @cached_property
    def is_shared_half(self) -> Bool[Tensor, " n"]:
        """Which images have the bright pixels of another one."""
        numbers = self.halves.numbers
        _, inverse, counts = torch.unique_consecutive(numbers, return_inverse=True, return_counts=True)
        shared = torch.zeros(len(self.images), dtype=torch.bool)
        shared[self.halves.index] = counts[inverse] > 1
        return shared

    @cached_property
    def pixels(self) -> Table:
        """By all pixel values and their places."""
        return Table.of(marks(self.images, is_anchored=True).numbers[:, 0])

    @cached_property
    def first_alike(self) -> Int64[Tensor, " n"]:
        """For each image the first one that cannot be told from it: itself, but for duplicates."""
        table = self.shapes if self.is_grey else self.pixels
        _, inverse = torch.unique_consecutive(table.numbers, return_inverse=True)
        first = torch.full((int(inverse.max()) + 1,), len(self.images))
        first.scatter_reduce_(0, inverse, table.index, reduce="amin")
        alike = torch.empty_like(table.index)
        alike[table.index] = first[inverse]
        return alike

    @cached_property
    def is_lone(self) -> Bool[Tensor, " n"]:
        """Which images can be told from all others."""
        return torch.bincount(self.first_alike, minlength=len(self.images))[self.first_alike] == 1

    @cached_property
    def label_sets(self) -> Bool[Tensor, "n classes"]:
        """Which labels the images that cannot be told from each image have; kept at the first of them."""
        sets = torch.zeros(
            len(self.images), max(len(self.classes), int(self.labels.max()) + 1), dtype=torch.bool
        )
        sets[self.first_alike, self.labels] = True
        return sets

    @cached_property
    def mean_image(self) -> Float[Tensor, "c h w"]:
        """Mean of the train images, from 0 to 1."""
        total = torch.zeros(self.images.shape[1:], dtype=torch.float64)
        for part in torch.split(self.images[: self.train_count], 4_096):
            total += part.sum(0, dtype=torch.int64)
        return (total / (255 * self.train_count)).float()

    def is_of_train(self, index: Int64[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Return which of these images belong to the train split."""
        return (index >= 0) & (index < self.train_count)

    def place(self, index: int) -> str:
        """Say which image that is, as a reader would look it up."""
        if index < self.train_count:
            return f"train image {index}"
        return f"test image {index - self.train_count}"


@lru_cache(maxsize=4)
def atlas_of(name: str) -> Atlas:
    """Load a data set by its name or path.

    Raises
    ------
    FirstlightError
        There is none, or it cannot be had.
    """
    from firstlight.datasets import load

    train, test = load(name)
    return Atlas(
        name=train.name,
        images=torch.cat([train.images, test.images]),
        labels=torch.cat([train.labels, test.labels]),
        train_count=len(train),
        classes=tuple(train.classes),
        mean=tuple(train.mean),
        std=tuple(train.std),
    )


@cache
def atlas_at_hand(name: str) -> Atlas | None:
    """Return a data set if no network is needed for it."""
    try:
        with _offline():
            return atlas_of(name)
    except (FirstlightError, OSError):
        return None


@contextmanager
def _offline() -> Iterator[None]:
    before = os.environ.get("FIRSTLIGHT_OFFLINE")
    os.environ["FIRSTLIGHT_OFFLINE"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["FIRSTLIGHT_OFFLINE"]
        else:
            os.environ["FIRSTLIGHT_OFFLINE"] = before
