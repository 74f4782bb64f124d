"""Which corrections are meant by what `load` was given, and which split each is for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from firstlight._errors import UsageError
from firstlight.datasets._corrections import Corrections, read_corrections
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._verified import correct_labels

__all__ = ["CorrectionsLike", "chosen_corrections", "corrected"]

OneCorrections = str | os.PathLike[str] | Corrections
CorrectionsLike = OneCorrections | Sequence[OneCorrections]
Chosen = tuple[Corrections | Literal["verified"], ...]


def chosen_corrections(given: CorrectionsLike | None) -> Chosen:
    """Return the corrections that are meant, read from their files.

    Raises
    ------
    UsageError
        It is no name, path or list of such.
    DataError
        A file is missing or damaged.
    """
    if given is None:
        return ()
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    return tuple(_one(part, given) for part in several)


def corrected(train: ImageDataset, test: ImageDataset, chosen: Chosen) -> tuple[ImageDataset, ImageDataset]:
    """Return both splits, each with the corrections that are for it.

    Raises
    ------
    UsageError
        Corrections of other data, or two for the same split.
    """
    for part in chosen:
        if part == "verified":
            test = correct_labels(test)
        elif part.split == train.split:
            train = part.apply(train)
        else:
            test = part.apply(test)
    return train, test


def _one(part: object, given: object) -> Corrections | Literal["verified"]:
    if part == "verified":
        return "verified"
    if isinstance(part, Corrections):
        return part
    if isinstance(part, str | os.PathLike) and part:
        return read_corrections(part)
    raise UsageError(f'corrections is "verified", a file or several; got {given!r}.')
