"""`RawSplit`: plain arrays, as the readers of your own data hand them over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from firstlight._errors import DataCorruptError

__all__ = [
    "Array",
    "OnProgress",
    "RawSplit",
    "as_labels",
    "joined_splits",
    "natural_key",
    "numbered_classes",
    "split_of",
]

Array = np.ndarray[Any, Any]
OnProgress = Callable[[int, int], None] | None  # pictures done, pictures in all
MOST_CLASSES = 65_536
SPLIT_NAMES = {
    "train": ("train", "training"),
    "test": ("test", "testing", "t10k"),
    "validation": ("val", "valid", "validation", "dev"),
    "all": ("all",),
}


@dataclass(frozen=True, eq=False)
class RawSplit:
    """One split of your own data.

    Attributes
    ----------
    images
        ``[n, c, h, w]``, uint8; c is 1 or 3.
    labels
        ``[n]``, int64, from 0 to ``len(classes) - 1``.
    classes
        The name of each class.
    files
        The files it was read from; of a folder of pictures, the folder.
    notes
        What a user should know: one sentence each, for the data card.
    """

    images: Array
    labels: Array
    classes: tuple[str, ...]
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


def split_of(name: str) -> str | None:
    """Tell which split a word names: ``"train"``, ``"test"``, ``"validation"``, ``"all"`` or None.

    Examples
    --------
    >>> split_of("valid"), split_of("Train"), split_of("cat")
    ('validation', 'train', None)
    """
    return next((split for split, names in SPLIT_NAMES.items() if name.casefold() in names), None)


def natural_key(name: str) -> tuple[tuple[tuple[int, int | str], ...], str]:
    """Sort key under which 10 comes after 9.

    Examples
    --------
    >>> sorted(["class10", "class9", "b", "10", "9"], key=natural_key)
    ['9', '10', 'b', 'class9', 'class10']
    """
    words = re.split(r"([0-9]+)", name)
    parts = tuple((0, int(word)) if word.isdecimal() else (1, word.casefold()) for word in words if word)
    return parts, name  # the name itself tells "1" from "01" and "b" from "B"


def numbered_classes(labels: Iterable[Array]) -> tuple[str, ...]:
    """Name classes by their numbers, from 0 to the largest label there is."""
    return tuple(str(number) for number in range(max(int(part.max()) for part in labels) + 1))


def as_labels(
    parts: Mapping[str, Array], classes: Sequence[str] | None, *, place: str
) -> tuple[dict[str, Array], tuple[str, ...]]:
    """Turn the labels of all splits, numbers or words, into int64 and the names of the classes.

    Parameters
    ----------
    parts
        The labels of each split, ``[n]`` or ``[n, 1]``.
    classes
        Names that came with the data, or None.
    place
        Where the labels were read, for messages.

    Raises
    ------
    DataCorruptError
        They are no labels: fractions, negative, one-hot, of no known class, or none at all.
    """
    flat = {split: _flat(np.asarray(labels), place) for split, labels in parts.items()}
    if all(labels.dtype.kind in "US" for labels in flat.values()):
        words = {split: labels.astype(str) for split, labels in flat.items()}
        names = tuple(classes or sorted({*np.concatenate([*words.values()]).tolist()}, key=natural_key))
        return {split: _numbers_of(labels, names, place) for split, labels in words.items()}, names
    numbers = {split: _whole(labels, place) for split, labels in flat.items()}
    names = tuple(classes or numbered_classes(numbers.values()))
    largest = max(int(labels.max()) for labels in numbers.values())
    if largest >= len(names):
        raise DataCorruptError(f"{place} has the label {largest}, but only {len(names)} classes: {names}.")
    return numbers, names


def _flat(labels: Array, place: str) -> Array:
    flat = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.ndim != 1:
        raise DataCorruptError(
            f"{place} has labels of shape {labels.shape}, not [n]. Turn one-hot rows into numbers with "
            "labels.argmax(axis=1)."
        )
    if not len(flat):
        raise DataCorruptError(f"{place} has no labels.")
    return flat


def _whole(labels: Array, place: str) -> Array:
    if labels.dtype.kind not in "iuf":
        raise DataCorruptError(
            f"{place} has labels of type {labels.dtype}; whole numbers or words are labels."
        )
    low, high = labels.min(), labels.max()
    if not (low >= 0 and high < MOST_CLASSES and np.array_equal(labels, np.trunc(labels))):
        raise DataCorruptError(
            f"{place} has labels from {low} to {high}; class numbers are whole, from 0 to {MOST_CLASSES - 1}."
        )
    return labels.astype(np.int64)


def _numbers_of(words: Array, names: Sequence[str], place: str) -> Array:
    number = {name: index for index, name in enumerate(names)}
    unknown = sorted(set(words.tolist()) - set(number))
    if unknown:
        raise DataCorruptError(f"{place} has the label {unknown[0]!r}, which is none of the classes {names}.")
    return np.array([number[word] for word in words.tolist()], dtype=np.int64)


def joined_splits(splits: Mapping[str, RawSplit]) -> dict[str, RawSplit]:
    """Make at most train and test of the splits: validation joins train, or is test where there is none.

    Nothing is ever chosen on the test split, so validation images never go there beside a real one.
    """
    found = dict(splits)
    validation = found.pop("validation", None)
    if validation is None:
        return found
    if "test" not in found and "train" in found:
        note = "It has no test split; its validation split stands in for one."
        found["test"] = replace(validation, notes=(*validation.notes, note))
        return found
    if "train" not in found:
        return {**found, "train": validation}
    train = found["train"]
    note = f"Its {len(validation.labels):,} validation images are the last of train; see canonical_split."
    if train.images.shape[1:] != validation.images.shape[1:]:
        raise DataCorruptError(
            f"Train has images of shape {train.images.shape[1:]}, validation of "
            f"{validation.images.shape[1:]}. Give size= and channels=, or take one of them away."
        )
    found["train"] = RawSplit(
        np.concatenate([train.images, validation.images]),
        np.concatenate([train.labels, validation.labels]),
        train.classes,
        (*train.files, *validation.files),
        (*train.notes, note),
    )
    return found
