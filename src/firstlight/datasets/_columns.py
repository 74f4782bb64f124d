"""Facts about each image beyond its label: who wrote it, when, and where it stood in NIST's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from firstlight.datasets._card import Provenance
from firstlight.datasets._layout import OnEvent, Split, provenance
from firstlight.sources import member_path, read_idx

__all__ = ["QMNIST_COLUMNS", "ColumnReader", "QmnistColumns", "read_qmnist_columns"]

Columns = Mapping[str, NDArray[Any]]

# In the order of the label files; their eighth column is unused.
QMNIST_COLUMNS = ("class", "series", "writer", "digit_index", "nist_class", "global_index", "duplicate_of")


@runtime_checkable
class ColumnReader(Protocol):
    """Reads columns that stand in files of their own."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every column there is."""
        ...

    def read(self, split: Split, on_event: OnEvent) -> tuple[Columns, tuple[Provenance, ...]]:
        """Obtain the files of a split if need be, and read all columns."""
        ...


@dataclass(frozen=True)
class QmnistColumns:
    """MNIST's columns, out of QMNIST's label files.

    QMNIST traced every MNIST image to its place in NIST Special Database 19. Row i of its train labels is
    MNIST's train image i; the first 10,000 rows of its test labels are MNIST's test images.

    Attributes
    ----------
    names
        ``class`` (the label once more), ``series`` (NIST's HSF series: 0 employees of the Census Bureau,
        4 high school students), ``writer`` (NIST's number of the person), ``digit_index`` (which of this
        person's digits), ``nist_class`` (30 + class), ``global_index`` (place in NIST's own file),
        ``duplicate_of`` (always 0: duplicates were left out).

    References
    ----------
    Yadav, Bottou: Cold Case: The Lost MNIST Digits. NeurIPS 2019.
    """

    names: tuple[str, ...] = QMNIST_COLUMNS
    test_rows: int = 10_000

    def read(self, split: Split, on_event: OnEvent) -> tuple[Columns, tuple[Provenance, ...]]:
        """Obtain the files of a split if need be, and read all columns."""
        columns, sources = read_qmnist_columns(split, on_event)
        rows = self.test_rows if split == "test" else None
        return {name: column[:rows] for name, column in columns.items()}, sources


def read_qmnist_columns(split: Split, on_event: OnEvent) -> tuple[Columns, tuple[Provenance, ...]]:
    """Read all rows of a QMNIST label file as named columns."""
    member = f"qmnist-{split}-labels-idx2-int"
    table = read_idx(member_path("qmnist", member, on_event=on_event), expect_ndim=2)
    columns = dict(zip(QMNIST_COLUMNS, table.T, strict=False))
    return columns, provenance("qmnist", (member,))
