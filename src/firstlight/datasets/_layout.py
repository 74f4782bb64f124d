"""How the files of a data set are laid out, and how to turn them into arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from firstlight.datasets._card import Provenance
from firstlight.sources import SourceEvent, member_origin, member_path, read_cifar, read_idx

__all__ = ["Array", "CifarLayout", "IdxLayout", "Layout", "OnEvent", "Split", "SplitArrays", "provenance"]

Split = Literal["train", "test"]
OnEvent = Callable[[SourceEvent], None] | None
Array = NDArray[Any]


@dataclass(frozen=True)
class SplitArrays:
    """One split as read: uint8 images ``[n, c, h, w]``, labels ``[n]``, and the files they came from."""

    images: Array
    labels: Array
    provenance: tuple[Provenance, ...]
    columns: Mapping[str, Array] = field(default_factory=dict)


@runtime_checkable
class Layout(Protocol):
    """Where a data set's images and labels stand, and how to read them."""

    @property
    def dataset(self) -> str:
        """The data set's name in the registry of files."""
        ...

    @property
    def column_names(self) -> tuple[str, ...]:
        """Columns that are read together with the labels."""
        ...

    def members(self, split: Split) -> tuple[str, ...]:
        """Names of the decoded files that a split needs."""
        ...

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of a split if need be, and map them."""
        ...


@dataclass(frozen=True)
class IdxLayout:
    """Two IDX files a split: images ``[n, h, w]`` and labels ``[n]``, both uint8.

    Parameters
    ----------
    dataset
        The data set's name in the registry of files.
    prefix
        What all file names begin with.
    test
        What the names say for test: ``"t10k"`` or ``"test"``.
    transposed
        Whether the images are stored with x and y exchanged.
    first_label
        The label that becomes 0.
    """

    dataset: str
    prefix: str = ""
    test: str = "t10k"
    transposed: bool = False
    first_label: int = 0
    column_names: ClassVar[tuple[str, ...]] = ()

    def members(self, split: Split) -> tuple[str, ...]:
        """Names of the decoded files that a split needs."""
        part = self.prefix + ("train" if split == "train" else self.test)
        return f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of a split if need be, and map them."""
        names = self.members(split)
        images, labels = (
            read_idx(member_path(self.dataset, name, on_event=on_event), expect_ndim=ndim)
            for name, ndim in zip(names, (3, 1), strict=True)
        )
        if self.transposed:
            images = images.swapaxes(1, 2)
        if self.first_label:
            labels = labels - np.uint8(self.first_label)  # 0 wraps to 255, which no class has
        count, height, width = images.shape
        return SplitArrays(images.reshape(count, 1, height, width), labels, provenance(self.dataset, names))


@dataclass(frozen=True)
class CifarLayout:
    """CIFAR's binary files: rows of one or two label bytes and the pixels, plane by plane.

    Parameters
    ----------
    dataset
        The data set's name in the registry of files.
    train, test
        Names of the files of each split, in order.
    label_columns
        A name for each label byte of a row; the last one is the label itself and becomes no column.
    """

    dataset: str
    train: tuple[str, ...]
    test: tuple[str, ...]
    label_columns: tuple[str, ...] = ("label",)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Columns that are read together with the labels."""
        return self.label_columns[:-1]

    def members(self, split: Split) -> tuple[str, ...]:
        """Names of the decoded files that a split needs."""
        return self.train if split == "train" else self.test

    def read(self, split: Split, on_event: OnEvent) -> SplitArrays:
        """Obtain the files of a split if need be, and map them."""
        names = self.members(split)
        paths = [member_path(self.dataset, name, on_event=on_event) for name in names]
        images, labels = read_cifar(paths, label_bytes=len(self.label_columns))
        columns = {name: labels[:, place] for place, name in enumerate(self.column_names)}
        return SplitArrays(images, labels[:, -1], provenance(self.dataset, names), columns)


def provenance(dataset: str, members: tuple[str, ...]) -> tuple[Provenance, ...]:
    """Tell where files of the cache came from."""
    origins = ((name, member_origin(dataset, name)) for name in members)
    return tuple(
        Provenance(name, origin.sha256, f"{origin.kind}: {origin.detail}") for name, origin in origins
    )
