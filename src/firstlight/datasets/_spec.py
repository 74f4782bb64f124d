"""What firstlight knows about a data set before it has read a single byte of it."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.datasets._card import DataCard
from firstlight.datasets._columns import ColumnReader
from firstlight.datasets._layout import Layout
from firstlight.datasets._statistics import Statistics

__all__ = ["DatasetSpec"]


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
    sizes
        How many images train and test have.
    layout
        How its files are read.
    card
        Facts for people.
    statistics
        Mean and deviation of the train pixels; ``None`` computes them whenever the data set is loaded.
    train_counts, test_counts
        How many images each class has, where its authors say so.
    extra_columns
        Columns that stand in files of their own, read only when asked for.
    """

    name: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    sizes: tuple[int, int]
    layout: Layout
    card: DataCard
    statistics: Statistics | None = None
    train_counts: tuple[int, ...] | None = None
    test_counts: tuple[int, ...] | None = None
    extra_columns: ColumnReader | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Every column that can be asked for."""
        return self.layout.column_names + (self.extra_columns.names if self.extra_columns else ())
