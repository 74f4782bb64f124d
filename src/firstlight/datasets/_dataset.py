"""`ImageDataset`: images, labels and what they mean, in one frozen object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, overload

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._html import html_summary
from firstlight.datasets._reload import Reload
from firstlight.datasets._splits import canonical_indices, fold_indices, part_indices
from firstlight.datasets._torch_view import TorchView
from firstlight.datasets._validation import check_dataset, check_places

__all__ = ["ImageDataset"]

Item = tuple[Tensor, int]
Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class ImageDataset(Dataset[Item]):
    """One split of a data set: all images as one uint8 tensor, and their labels.

    The pixels of a data set that firstlight knows are memory-mapped: they are read from disk when they are
    first looked at. Changing them in place changes this process's copy only, never the file. It is a
    map-style `torch.utils.data.Dataset` whose items are ``(uint8 image [c, h, w], label)``; it neither
    shuffles nor normalises, which is the work of `firstlight.batches`.

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
    _reload: Reload | None = None

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

    # Items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> ImageDataset: ...
    def __getitem__(self, index: int | slice) -> Item | ImageDataset:
        if isinstance(index, slice):
            return self.subset(torch.arange(len(self))[index])
        image = self.images[index]
        if image.ndim != 3:
            raise UsageError(f"An index is one whole number or a slice; got {index!r}. Lists go to subset().")
        return image, int(self.labels[index])

    def __getitems__(self, indices: Sequence[int]) -> list[Item]:
        """Return many items at once, which is what makes `torch.utils.data.DataLoader` quick."""
        chosen = torch.as_tensor(indices)
        return list(zip(self.images[chosen].unbind(), self.labels[chosen].tolist(), strict=True))

    def __iter__(self) -> Iterator[Item]:
        return zip(self.images.unbind(), self.labels.tolist(), strict=True)

    # Parts

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
            No place is given, or one lies outside the data set.

        Examples
        --------
        >>> import firstlight as fl
        >>> fl.load("mnist")[0].subset([4, 0]).labels
        tensor([9, 5])
        """
        chosen = check_places(indices, len(self))
        return self.replacing(
            images=self.images[chosen],
            labels=self.labels[chosen],
            columns={name: column[chosen] for name, column in self.columns.items()},
            _reload=None,
        )

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

    def divide(self, *shares: int | float, seed: int = 0) -> tuple[ImageDataset, ...]:
        """Cut the data set into stratified parts that do not overlap, the same for ever for the same seed.

        Parameters
        ----------
        shares
            Numbers of images, or fractions in (0, 1]. What they leave over becomes one further part.
        seed
            In [0, 2**63).

        Raises
        ------
        UsageError
            The shares mix both kinds, are more than there is, or leave a part empty.

        Examples
        --------
        >>> import firstlight as fl
        >>> [len(part) for part in fl.load("mnist")[1].divide(0.8, 0.1)]
        [8000, 1000, 1000]
        """
        parts = part_indices(self.labels, shares, seed=seed)
        return tuple(
            self.subset(part).replacing(split=f"{self.split}, part {number} of {len(parts)}")
            for number, part in enumerate(parts, start=1)
        )

    def canonical_split(self) -> tuple[ImageDataset, ImageDataset]:
        """Cut a train split into the canonical train and validation parts: 55,000 and 5,000 for MNIST.

        Choose everything (settings, epochs, checkpoints) on the validation part; touch the test split once.
        The cut is stratified and never changes. Validation gets 5,000 images, or a tenth where that is less.

        Examples
        --------
        >>> import firstlight as fl
        >>> train, validation = fl.load("mnist")[0].canonical_split()
        >>> len(train), len(validation), validation.split
        (55000, 5000, 'validation')
        """
        train, validation = canonical_indices(self.labels)
        return self.subset(train), self.subset(validation).replacing(split="validation")

    def folds(self, count: int, *, seed: int = 0) -> Iterator[tuple[ImageDataset, ImageDataset]]:
        """Yield (the rest, one fold) for each of ``count`` stratified folds.

        Raises
        ------
        UsageError
            ``count`` is below 2, or above the size of the smallest class.

        Examples
        --------
        >>> import firstlight as fl
        >>> [(len(rest), len(fold)) for rest, fold in fl.load("mnist")[1].folds(5)][:2]
        [(8000, 2000), (8000, 2000)]
        """
        parts = fold_indices(self.labels, count, seed=seed)
        return (self._fold(number, part, count) for number, part in enumerate(parts, start=1))

    def _fold(self, number: int, held_out: Tensor, count: int) -> tuple[ImageDataset, ImageDataset]:
        rest = torch.ones(len(self), dtype=torch.bool).index_fill_(0, held_out, False).nonzero().flatten()
        title = f"{self.split}, fold {number} of {count}"
        return (
            self.subset(rest).replacing(split=f"{self.split} without fold {number} of {count}"),
            self.subset(held_out).replacing(split=title),
        )

    def replacing(self, **changes: Any) -> ImageDataset:
        """Return a copy with some fields exchanged, checked anew; tensors that stay are shared."""
        return replace(self, **changes)

    # Other libraries

    def numpy(self) -> tuple[Array, Array]:
        """Return images (uint8, ``[n, c, h, w]``) and labels (int64, ``[n]``), which share our memory.

        Libraries that speak DLPack need no NumPy in between: hand them ``images`` itself.

        Examples
        --------
        >>> import firstlight as fl
        >>> test = fl.load("mnist")[1]
        >>> images, labels = test.numpy()
        >>> images.shape, labels.dtype
        ((10000, 1, 28, 28), dtype('int64'))
        >>> np.from_dlpack(test.images).shape
        (10000, 1, 28, 28)
        """
        return self.images.numpy(force=True), self.labels.numpy(force=True)

    def X_y(self, *, dtype: Any = np.float64, scaled: bool = False) -> tuple[Array, Array]:  # noqa: N802
        """Return a table and a target, as scikit-learn's estimators take them.

        Parameters
        ----------
        dtype
            Of the table. float64 is what `sklearn.datasets.fetch_openml` gives; float32 needs half of it.
        scaled
            Divide by 255. By default values run from 0 to 255, as those of `fetch_openml` do.

        Returns
        -------
        X : numpy.ndarray
            ``[n, h * w * c]``: ``X[i].reshape(h, w, c)`` can be drawn.
        y : numpy.ndarray
            int64, ``[n]``; `fetch_openml` gives strings instead.

        Examples
        --------
        >>> import firstlight as fl
        >>> X, y = fl.load("mnist")[1].X_y()
        >>> X.shape, X.max(), y[:3]
        ((10000, 784), np.float64(255.0), array([7, 2, 1]))
        """
        images, labels = self.numpy()
        table = images.transpose(0, 2, 3, 1).reshape(len(images), -1).astype(dtype)
        return (table / table.dtype.type(255) if scaled else table), labels.copy()

    def as_torch(self, transform: Callable[[Tensor], Any] | None = None) -> TorchView:
        """Return a map-style data set for `torch.utils.data.DataLoader`, whose items are ready for a network.

        Parameters
        ----------
        transform
            Takes one uint8 image ``[c, h, w]`` and returns what the item shall hold. Without it an item is
            float32 ``[c, h, w]``, normalised with ``mean`` and ``std``, and batches are made in one go.

        Examples
        --------
        >>> import firstlight as fl
        >>> image, label = fl.load("mnist")[0].as_torch()[0]
        >>> image.dtype, label
        (torch.float32, 5)
        """
        return TorchView(self, transform)

    def __reduce__(self) -> tuple[Any, ...]:
        state = {part.name: getattr(self, part.name) for part in fields(self)}
        state["columns"] = dict(self.columns)
        # Pixels that stand unchanged in a file of the cache are not copied into the pickle.
        if self._reload is not None and self._reload.holds(self.images):
            state["images"] = None
        return _rebuilt, (type(self), state)

    # How it shows itself

    def __repr__(self) -> str:
        channels, height, width = self.image_shape
        return (
            f"ImageDataset({self.name!r}, {self.split!r}: {len(self):,} images of "
            f"{channels} x {height} x {width} uint8, {len(self.classes)} classes)"
        )

    def _repr_html_(self) -> str:
        counts = self.class_counts().tolist()
        return html_summary(self.card, self.split, self.images, self.classes, counts)


def _rebuilt(kind: type[ImageDataset], state: dict[str, Any]) -> ImageDataset:
    if state["images"] is None:
        state["images"] = state["_reload"].images()
    return kind(**state)
