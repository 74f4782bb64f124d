"""What firstlight knows about a data set before it has read a single byte of it."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.datasets._card import DataCard
from firstlight.datasets._layout import Layout

__all__ = ["DatasetSpec", "Statistics"]


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of each channel of the train pixels, scaled to [0, 1]."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class DatasetSpec:
    """A data set that can be loaded by name.

    Attributes
    ----------
    name
        As given to `load`.
    aliases
        Other spellings; capitals, blanks, ``-`` and ``_`` never matter.
    classes
        The name of each class, in the order of the labels.
    image_shape
        Channels, height, width.
    train_counts, test_counts
        How many images each class has.
    statistics
        Stored statistics; ``None`` computes them from the train pixels when the data set is loaded.
    card
        Facts for people.
    layout
        How its files are read.
    """

    name: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    statistics: Statistics | None
    card: DataCard
    layout: Layout

    @property
    def sizes(self) -> tuple[int, int]:
        """How many images train and test have."""
        return sum(self.train_counts), sum(self.test_counts)
