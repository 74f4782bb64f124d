"""From what is known about a data set to its two splits, checked against what its authors say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from firstlight._errors import DataCorruptError
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._layout import Array, OnEvent, Split, SplitArrays
from firstlight.datasets._reload import Reload
from firstlight.datasets._spec import DatasetSpec
from firstlight.datasets._statistics import Statistics, pixel_statistics

__all__ = ["load_published"]


def load_published(
    spec: DatasetSpec, *, extra_columns: bool, on_event: OnEvent
) -> tuple[ImageDataset, ImageDataset]:
    """Read both splits of a data set, obtaining its files if need be.

    Raises
    ------
    DataCorruptError
        The number of images, their shape or the class counts are not what they should be.
    DataError
        The files cannot be had.
    """
    train = _read(spec, "train", extra_columns=extra_columns, on_event=on_event)
    test = _read(spec, "test", extra_columns=extra_columns, on_event=on_event)
    statistics = spec.statistics or pixel_statistics(torch.from_numpy(train.images))
    return _made(spec, "train", train, statistics), _made(spec, "test", test, statistics)


def _read(spec: DatasetSpec, split: Split, *, extra_columns: bool, on_event: OnEvent) -> SplitArrays:
    arrays = spec.layout.read(split, on_event)
    _check(spec, split, arrays)
    if not extra_columns or spec.extra_columns is None:
        return arrays
    columns, sources = spec.extra_columns.read(split, on_event)
    return replace(arrays, columns={**arrays.columns, **columns}, provenance=(*arrays.provenance, *sources))


def _check(spec: DatasetSpec, split: Split, arrays: SplitArrays) -> None:
    size, counts = (
        (spec.sizes[0], spec.train_counts) if split == "train" else (spec.sizes[1], spec.test_counts)
    )
    files = ", ".join(source.file for source in arrays.provenance)
    cure = f"Read from {files}; `firstlight data rm {spec.layout.dataset}` removes them, then get them again."
    if arrays.images.shape != (size, *spec.image_shape):
        raise DataCorruptError(
            f"The {split} images of {spec.name} must have the shape {(size, *spec.image_shape)}; "
            f"got {arrays.images.shape}. {cure}"
        )
    labels = arrays.labels
    if len(labels) != size or int(labels.max()) >= len(spec.classes):
        raise DataCorruptError(
            f"The {split} labels of {spec.name} must be {size} numbers from 0 to {len(spec.classes) - 1}; "
            f"got {len(labels)} of up to {int(labels.max())}. {cure}"
        )
    found = tuple(np.bincount(labels, minlength=len(spec.classes)).tolist())
    if counts is not None and found != counts:
        raise DataCorruptError(
            f"The {split} labels of {spec.name} must have {counts} images a class; got {found}. {cure}"
        )


def _made(spec: DatasetSpec, split: Split, arrays: SplitArrays, statistics: Statistics) -> ImageDataset:
    return ImageDataset(
        name=spec.name,
        split=split,
        images=torch.from_numpy(arrays.images),
        labels=_long(arrays.labels),
        classes=spec.classes,
        mean=statistics.mean,
        std=statistics.std,
        columns={name: _long(column) for name, column in arrays.columns.items()},
        card=spec.card,
        provenance=arrays.provenance,
        _reload=Reload(spec.layout, split),
    )


def _long(numbers: Array) -> Int64[Tensor, " n"]:
    # Converted by NumPy: torch would wake all its threads for it, which costs 40 ms where others compute too.
    return torch.from_numpy(numbers.astype(np.int64))
