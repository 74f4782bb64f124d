"""`ImageDataset`: images, labels and what they mean, in one frozen object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor
from torch.utils.data import Dataset

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._validation import check_dataset

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ImageDataset"]

Item = tuple[Tensor, int]


@dataclass(frozen=True, eq=False, repr=False)
class ImageDataset(Dataset[Item]):
    """One split of a data set: all images as one uint8 tensor, and their labels.

    The pixels of a data set that firstlight knows are memory-mapped: they are read from disk when they are
    first looked at. Changing them in place changes this process's copy only, never the file.

    Parameters
    ----------
    name
        The data set, such as ``"mnist"``.
    split
        Which part of it, such as ``"train"`` or ``"test"``.
    images
        ``[n, c, h, w]``, uint8, 0 to 255.
    labels
        ``[n]``, int64, from 0 to ``len(classes) - 1``.
    classes
        The name of each class.
    mean, std
        One number a channel: of the pixels of the *train* split, scaled to [0, 1].
    columns
        Further facts about each image, by name: tensors whose first axis is ``n``.
    card
        Title, homepage, licence, citation, description, known oddities.
    provenance
        The files that were read, with hash and origin.

    Raises
    ------
    UsageError
        The parts do not fit together; the message says which and how.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> train.images.shape, train.labels[:5]
    (torch.Size([60000, 1, 28, 28]), tensor([5, 0, 4, 1, 9]))
    >>> image, label = train[0]
    >>> image.dtype, label
    (torch.uint8, 5)
    """

    name: str
    split: str
    images: UInt8[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    columns: Mapping[str, Tensor] = field(default_factory=dict)
    card: DataCard = field(default_factory=DataCard)
    provenance: tuple[Provenance, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(self.classes))
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        check_dataset(self.images, self.labels, self.classes, self.mean, self.std, self.columns)

    def __len__(self) -> int:
        return self.images.shape[0]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of an image."""
        _, channels, height, width = self.images.shape
        return channels, height, width

    def class_counts(self) -> Int64[Tensor, " classes"]:
        """How many images each class has.

        Examples
        --------
        >>> import firstlight as fl
        >>> fl.load("mnist")[1].class_counts()
        tensor([ 980, 1135, 1032, 1010,  982,  892,  958, 1028,  974, 1009])
        """
        return torch.bincount(self.labels, minlength=len(self.classes))

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> ImageDataset: ...
    def __getitem__(self, index: int | slice) -> Item | ImageDataset:
        if isinstance(index, slice):
            return self._taking(index)
        return self.images[index], int(self.labels[index])

    def __getitems__(self, indices: Sequence[int]) -> list[Item]:
        """Return many items at once, which is what makes `torch.utils.data.DataLoader` quick."""
        chosen = torch.as_tensor(indices)
        return list(zip(self.images[chosen].unbind(), self.labels[chosen].tolist(), strict=True))

    def __iter__(self) -> Iterator[Item]:
        return zip(self.images.unbind(), self.labels.tolist(), strict=True)

    def subset(self, indices: Sequence[int] | Int64[Tensor, " m"]) -> ImageDataset:
        """Return the images at these places, in this order, as a data set of their own.

        The pixels are copied; columns, classes and statistics come along.

        Parameters
        ----------
        indices
            Places in this data set, from 0; a place may occur twice.

        Raises
        ------
        UsageError
            A place lies outside the data set, or none is given.
        """
        chosen = torch.as_tensor(indices)
        if (
            chosen.ndim != 1
            or chosen.numel() == 0
            or chosen.is_floating_point()
            or chosen.dtype == torch.bool
        ):
            raise UsageError(
                f"subset() takes a non-empty list of whole numbers; got {tuple(chosen.shape)} {chosen.dtype}."
            )
        if int(chosen.min()) < 0 or int(chosen.max()) >= len(self):
            raise UsageError(
                f"subset() takes places from 0 to {len(self) - 1}; "
                f"got {int(chosen.min())} to {int(chosen.max())}."
            )
        return self._taking(chosen.long())

    def of_class(self, wanted: int | str) -> ImageDataset:
        """Return the images of one class, given by number or by name.

        Raises
        ------
        UnknownNameError
            There is no such class.
        UsageError
            The class has no image in this split.
        """
        names = self.classes
        label = names.index(wanted) if isinstance(wanted, str) and wanted in names else wanted
        if not isinstance(label, int) or not 0 <= label < len(names):
            raise UnknownNameError("class", str(wanted), names)
        return self.subset(torch.nonzero(self.labels == label).flatten())

    def numpy(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return images (uint8, ``[n, c, h, w]``) and labels (int64, ``[n]``) as arrays that share the memory."""
        return self.images.numpy(force=True), self.labels.numpy(force=True)

    def _taking(self, chosen: slice | Tensor) -> ImageDataset:
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return replace(self, images=self.images[chosen], labels=self.labels[chosen], columns=columns)

    def __repr__(self) -> str:
        channels, height, width = self.image_shape
        return (
            f"ImageDataset({self.name!r}, {self.split!r}: {len(self):,} images of "
            f"{channels} x {height} x {width} uint8, {len(self.classes)} classes)"
        )
