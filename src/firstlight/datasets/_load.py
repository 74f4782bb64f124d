"""`load`: from a name to (train, test)."""

from __future__ import annotations

import torch

from firstlight._errors import DataCorruptError
from firstlight.datasets._catalog import find_spec
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._layout import OnEvent, Split, SplitArrays
from firstlight.datasets._spec import DatasetSpec, Statistics
from firstlight.datasets._statistics import pixel_statistics

__all__ = ["load"]


def load(name: str, *, on_event: OnEvent = None) -> tuple[ImageDataset, ImageDataset]:
    """Return the train and the test split of a data set, obtaining and verifying its files if need be.

    Parameters
    ----------
    name
        Such as ``"mnist"`` or ``"fashion-mnist"``.
    on_event
        Called with each `firstlight.sources.SourceEvent`, for a progress bar.

    Raises
    ------
    UnknownNameError
        There is no such data set; says the nearest.
    DataError
        The files cannot be had, or are not what they should be.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> train
    ImageDataset('mnist', 'train': 60,000 images of 1 x 28 x 28 uint8, 10 classes)
    """
    spec = find_spec(name)
    train, test = spec.layout.read("train", on_event), spec.layout.read("test", on_event)
    statistics = spec.statistics or pixel_statistics(torch.from_numpy(train.images))
    return _dataset(spec, "train", train, statistics), _dataset(spec, "test", test, statistics)


def _dataset(spec: DatasetSpec, split: Split, arrays: SplitArrays, statistics: Statistics) -> ImageDataset:
    labels = torch.from_numpy(arrays.labels).long()
    _check_counts(spec, split, arrays, labels)
    return ImageDataset(
        name=spec.name,
        split=split,
        images=torch.from_numpy(arrays.images),
        labels=labels,
        classes=spec.classes,
        mean=statistics.mean,
        std=statistics.std,
        card=spec.card,
        provenance=arrays.provenance,
    )


def _check_counts(spec: DatasetSpec, split: Split, arrays: SplitArrays, labels: torch.Tensor) -> None:
    wanted = spec.train_counts if split == "train" else spec.test_counts
    shape = (sum(wanted), *spec.image_shape)
    files = ", ".join(source.file for source in arrays.provenance)
    cure = f"Read from {files}; remove them with `firstlight data rm {spec.name}` and get them again."
    if arrays.images.shape != shape:
        raise DataCorruptError(
            f"The {split} images of {spec.name} must have the shape {shape}; "
            f"got {arrays.images.shape}. {cure}"
        )
    counts = tuple(torch.bincount(labels, minlength=len(wanted)).tolist())
    if counts != wanted:
        raise DataCorruptError(
            f"The {split} labels of {spec.name} must have {wanted} images a class; got {counts}. {cure}"
        )
