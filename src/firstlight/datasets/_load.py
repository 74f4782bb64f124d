"""`load`: from a name, or a path of your own, to (train, test)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, overload

from numpy.typing import NDArray

from firstlight._errors import UnknownNameError, UsageError
from firstlight.datasets._catalog import CATALOG, find_spec
from firstlight.datasets._correct import CorrectionsLike, chosen_corrections, corrected
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._emnist import EMNIST_SPLITS
from firstlight.datasets._imported import imported_names, load_imported
from firstlight.datasets._layout import OnEvent
from firstlight.datasets._own_data import load_own
from firstlight.datasets._published import load_published
from firstlight.datasets._spec import DatasetSpec

__all__ = ["load"]

Array = NDArray[Any]
Table = tuple[Array, Array]


@overload
def load(
    name: str | os.PathLike[str],
    *,
    split: str | None = ...,
    columns: bool | Sequence[str] = ...,
    corrections: CorrectionsLike | None = ...,
    return_X_y: Literal[False] = ...,  # noqa: N803
    size: tuple[int, int] | None = ...,
    channels: int | None = ...,
    on_event: OnEvent = ...,
) -> tuple[ImageDataset, ImageDataset]: ...
@overload
def load(
    name: str | os.PathLike[str],
    *,
    split: str | None = ...,
    columns: bool | Sequence[str] = ...,
    corrections: CorrectionsLike | None = ...,
    return_X_y: Literal[True],  # noqa: N803
    size: tuple[int, int] | None = ...,
    channels: int | None = ...,
    on_event: OnEvent = ...,
) -> tuple[Table, Table]: ...
def load(
    name: str | os.PathLike[str],
    *,
    split: str | None = None,
    columns: bool | Sequence[str] = False,
    corrections: CorrectionsLike | None = None,
    return_X_y: bool = False,  # noqa: N803
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_event: OnEvent = None,
) -> tuple[ImageDataset, ImageDataset] | tuple[Table, Table]:
    """Return the train and the test split of a data set, obtaining and verifying its files if need be.

    A known name wins over a path: write ``"./mnist"`` for a folder of that name, or give a `Path`. It does
    not shuffle, normalise or cut off a validation part: see `firstlight.batches` and
    `ImageDataset.canonical_split`.

    Parameters
    ----------
    name
        ``"mnist"``, ``"fashion-mnist"``, ``"kmnist"``, ``"qmnist"``, ``"emnist-letters"`` and its five
        siblings, ``"cifar10"``, ``"cifar100"`` (capitals, ``-`` and ``_`` do not matter); or the path of
        your own data, or the name under which you imported it.
    split
        Of EMNIST: ``"balanced"`` (the default), ``"byclass"``, ``"bymerge"``, ``"digits"``, ``"letters"`` or
        ``"mnist"``. ``load("emnist", split="letters")`` is ``load("emnist-letters")``.
    columns
        Which facts about each image to read besides: ``True`` for all, or their names, such as
        ``["writer"]``. MNIST's come from QMNIST's label files.
    corrections
        A file of corrections, such as ``firstlight audit --review`` makes, a `Corrections`, or several for
        several splits. ``"verified"``: the test labels that people disowned, of MNIST and CIFAR-10 only.
        Labels are corrected, images whose label would be a guess are left out, and the columns ``index``
        and ``given`` tell what was done.
    return_X_y
        Return ``(X, y)`` arrays as scikit-learn takes them, in place of each data set; see
        `ImageDataset.X_y`.
    size, channels
        Of your own pictures: height and width to bring all to, and 1 for grey or 3 for colour.
    on_event
        Called with each `firstlight.sources.SourceEvent`, for a progress bar.

    Returns
    -------
    tuple
        (train, test).

    Raises
    ------
    UnknownNameError
        There is no such data set, split or column; says the nearest.
    UsageError
        An option that this data set does not have.
    DataError
        The files cannot be had, or are not what they should be.

    Examples
    --------
    >>> import firstlight as fl
    >>> train, test = fl.load("mnist")
    >>> train
    ImageDataset('mnist', 'train': 60,000 images of 1 x 28 x 28 uint8, 10 classes)
    """
    source = _resolved(name, split)
    _check_columns(source, columns)
    wanted = chosen_corrections(corrections)
    if not isinstance(source, Path) and (size is not None or channels is not None):
        raise UsageError(f"size and channels are for your own pictures; leave them out for {name!r}.")
    if isinstance(source, DatasetSpec):
        train, test = load_published(source, extra_columns=bool(columns), on_event=on_event)
        train, test = (_with_columns(part, columns) for part in (train, test))
    elif isinstance(source, Path):
        train, test = load_own(source, size=size, channels=channels)
    else:
        train, test = load_imported(source)
    train, test = corrected(train, test, wanted)
    return (train.X_y(), test.X_y()) if return_X_y else (train, test)


def _resolved(name: str | os.PathLike[str], split: str | None) -> DatasetSpec | Path | str:
    """Tell what is meant: a data set that is known, the name of imported data, or a path."""
    if split is not None:
        return _emnist(name, split)
    if not isinstance(name, str):
        return _path(name)
    try:
        return find_spec(name)
    except UnknownNameError:
        imported, path = imported_names(), Path(name).expanduser()
        if name in imported:
            return name
        if name and (path.exists() or path.suffix or any(mark in name for mark in "/\\")):
            return path
        raise UnknownNameError("data set", name, [*CATALOG, *imported]) from None


def _path(name: os.PathLike[str]) -> Path:
    if not isinstance(name, os.PathLike):
        raise UsageError(f"load() takes the name of a data set or a path; got {type(name).__name__}.")
    return Path(name).expanduser()


def _emnist(name: str | os.PathLike[str], split: str) -> DatasetSpec:
    if not isinstance(name, str) or name.lower() != "emnist":
        raise UsageError(
            f"Only emnist has a choice of splits; got split={split!r} for {name!r}. Leave it out."
        )
    if split not in EMNIST_SPLITS:
        raise UnknownNameError("split of emnist", split, EMNIST_SPLITS)
    return find_spec(f"emnist-{split}")


def _check_columns(source: DatasetSpec | Path | str, columns: bool | Sequence[str]) -> None:
    if not columns:
        return
    known = source.column_names if isinstance(source, DatasetSpec) else ()
    if not known:
        title = source.name if isinstance(source, DatasetSpec) else str(source)
        raise UsageError(f"{title} has no columns to ask for; leave columns={columns!r} out.")
    if isinstance(columns, str):
        raise UsageError(f"columns is True or a list of names; got {columns!r}. Write columns=[{columns!r}].")
    for name in () if columns is True else columns:
        if name not in known:
            raise UnknownNameError("column", name, known)


def _with_columns(dataset: ImageDataset, columns: bool | Sequence[str]) -> ImageDataset:
    """Leave out the columns that were not asked for by name."""
    if isinstance(columns, bool):
        return dataset
    return dataset.replacing(columns={name: dataset.columns[name] for name in columns})
