"""Your own data: what its readers hand over, and how that becomes (train, test)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jaxtyping import Int64, UInt8
from torch import Tensor

from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._statistics import pixel_statistics

__all__ = ["OwnSplit", "load_own", "own_datasets"]

TEST_SHARE = 1 / 6


@dataclass(frozen=True)
class OwnSplit:
    """One split as a reader of your own data found it.

    Attributes
    ----------
    images
        ``[n, c, h, w]``, uint8.
    labels
        ``[n]``, int64.
    columns
        Further facts about each image.
    provenance
        The files that were read.
    """

    images: UInt8[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    columns: Mapping[str, Tensor] = field(default_factory=dict)
    provenance: tuple[Provenance, ...] = ()


def load_own(path: Path) -> tuple[ImageDataset, ImageDataset]:
    """Read your own data from a path: a folder of images by class, IDX files, ``.npz`` or ``.parquet``.

    Raises
    ------
    DataMissingError
        There is nothing at the path.
    UsageError
        It is of no kind that firstlight reads.
    """
    if not path.exists():
        raise DataMissingError(f"There is no data set and no file or folder of the name {path}.")
    raise UsageError(f"{path} cannot be read as a data set.")


def own_datasets(
    name: str, splits: Mapping[str, OwnSplit], classes: tuple[str, ...], *, card: DataCard
) -> tuple[ImageDataset, ImageDataset]:
    """Make (train, test) of your own data; statistics are those of the train pixels.

    Parameters
    ----------
    name
        Of the data set.
    splits
        ``"train"`` and ``"test"``; or one split of any name, which is cut 5 : 1, stratified, with seed 0, and
        the card says so.
    classes
        The name of each class.
    card
        What is known about it.

    Raises
    ------
    DataCorruptError
        Neither one split nor train and test; or the two have images of different shapes.
    UsageError
        The parts of a split do not fit together.
    """
    if set(splits) == {"train", "test"}:
        train, test = (_made(name, split, splits[split], classes, card) for split in ("train", "test"))
    elif len(splits) == 1:
        train, test = _cut(_made(name, next(iter(splits)), next(iter(splits.values())), classes, card))
    else:
        raise DataCorruptError(
            f"{name} must have one split, or the two splits train and test; got {sorted(splits)}. "
            "Rename them."
        )
    if train.image_shape != test.image_shape:
        raise DataCorruptError(
            f"All images of {name} must have one size; got {train.image_shape} in train and "
            f"{test.image_shape} in test."
        )
    statistics = pixel_statistics(train.images)
    known = {"mean": statistics.mean, "std": statistics.std}
    return train.replacing(**known), test.replacing(**known)


def _made(name: str, split: str, own: OwnSplit, classes: tuple[str, ...], card: DataCard) -> ImageDataset:
    channels = own.images.shape[1] if own.images.ndim == 4 else 1
    return ImageDataset(
        name=name,
        split=split,
        images=own.images,
        labels=own.labels,
        classes=classes,
        mean=(0.0,) * channels,  # stands in until the train part is known
        std=(1.0,) * channels,
        columns=own.columns,
        card=card,
        provenance=own.provenance,
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
