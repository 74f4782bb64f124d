"""Your own data: from what the readers find at a path to (train, test)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import torch

from firstlight._errors import DataCorruptError, UsageError
from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._own_files import read_own
from firstlight.datasets._raw import OnProgress, RawSplit
from firstlight.datasets._statistics import pixel_statistics

__all__ = ["load_own", "own_datasets"]

TEST_SHARE = 1 / 6


def load_own(
    path: Path,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_progress: OnProgress = None,
) -> tuple[ImageDataset, ImageDataset]:
    """Read your own data from a path: a folder of pictures by class, IDX files, ``.npz`` or ``.parquet``.

    Parameters
    ----------
    path
        A file or a folder; it names the data set.
    size, channels
        Of pictures: height and width to bring all to, and 1 for grey or 3 for colour.
    on_progress
        Called now and then with the number of pictures read and of all.

    Raises
    ------
    DataMissingError
        There is nothing at the path.
    DataCorruptError
        It cannot be read, or its splits do not fit together.
    UsageError
        It is of no kind that is read.
    """
    splits = read_own(path, size=size, channels=channels, on_progress=on_progress)
    place = path.absolute()
    return own_datasets(place.stem if place.is_file() else place.name, splits, source=str(place))


def own_datasets(
    name: str, splits: Mapping[str, RawSplit], *, source: str
) -> tuple[ImageDataset, ImageDataset]:
    """Make (train, test) of your own data; statistics are those of the train pixels.

    Parameters
    ----------
    name
        Of the data set.
    splits
        ``"train"`` and ``"test"``; or one split of any name, which is cut 5 : 1, stratified, with seed 0, and
        the card says so.
    source
        Where it was read from, for the card.

    Raises
    ------
    DataCorruptError
        Neither one split nor train and test; or the two have different classes or sizes of images.
    UsageError
        The parts of a split do not fit together.
    """
    card = DataCard(
        title=name,
        description=f"Your own data, read from {source}.",
        oddities=tuple(dict.fromkeys(chain.from_iterable(split.notes for split in splits.values()))),
    )
    if set(splits) == {"train", "test"}:
        _check_pair(name, splits["train"], splits["test"])
        train, test = (_made(name, split, splits[split], card) for split in ("train", "test"))
    elif len(splits) == 1:
        train, test = _cut(_made(name, *next(iter(splits.items())), card))
    else:
        raise DataCorruptError(
            f"{name} must have one split, or the two splits train and test; got {sorted(splits)}. "
            "Rename them."
        )
    statistics = pixel_statistics(train.images)
    known = {"mean": statistics.mean, "std": statistics.std}
    return train.replacing(**known), test.replacing(**known)


def _check_pair(name: str, train: RawSplit, test: RawSplit) -> None:
    sizes = [split.images.shape[1:] for split in (train, test)]
    if sizes[0] != sizes[1]:
        raise DataCorruptError(
            f"All images of {name} must have one size; got {sizes[0]} in train and {sizes[1]} in test. "
            "Pictures can be brought to one: load(path, size=(28, 28), channels=1)."
        )
    if train.classes != test.classes:
        raise DataCorruptError(
            f"Train and test of {name} must have the same classes; only one of them has "
            f"{sorted(set(train.classes) ^ set(test.classes)) or 'this order of them'}."
        )


def _made(name: str, split: str, raw: RawSplit, card: DataCard) -> ImageDataset:
    channels = raw.images.shape[1]
    return ImageDataset(
        name=name,
        split=split,
        images=torch.from_numpy(np.require(raw.images, requirements="W")),
        labels=torch.from_numpy(np.require(raw.labels, requirements="W")),
        classes=raw.classes,
        mean=(0.0,) * channels,  # stands in until the train part is known
        std=(1.0,) * channels,
        card=card,
        provenance=tuple(Provenance(file.name, "", f"own data: {file}") for file in raw.files),
    )


def _cut(whole: ImageDataset) -> tuple[ImageDataset, ImageDataset]:
    size = round(len(whole) * TEST_SHARE)
    if not 1 <= size < len(whole):
        raise UsageError(
            f"{whole.name} has {len(whole)} image(s), too few to cut off a test split. Add a test split."
        )
    test, train = whole.divide(size, seed=0)
    told = "It came as one split; firstlight cut it 5 : 1 into train and test, stratified, with seed 0."
    card = replace(whole.card, oddities=(*whole.card.oddities, told))
    return train.replacing(split="train", card=card), test.replacing(split="test", card=card)
