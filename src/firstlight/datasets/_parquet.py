"""Parquet tables of pictures, as Hugging Face keeps them: a column ``image`` and a column ``label``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from firstlight._errors import DataCorruptError, DataMissingError, MissingExtraError
from firstlight.datasets._pictures import Form, read_pictures
from firstlight.datasets._raw import (
    Array,
    OnProgress,
    RawSplit,
    as_labels,
    joined_splits,
    natural_key,
    split_of,
)

__all__ = ["holds_parquet", "parquet_library", "read_parquet"]

IMAGE_COLUMNS = ("image", "img", "picture", "pixels")
LABEL_COLUMNS = ("label", "labels", "fine_label", "class", "target", "y")


def parquet_library() -> ModuleType:
    """Import ``pyarrow.parquet``.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingExtraError("Parquet", package="pyarrow", extra="parquet") from error
    module: ModuleType = parquet
    return module


def holds_parquet(path: Path) -> bool:
    """Whether a folder has Parquet files in it, or in its folder ``data``."""
    return any(_tables(path))


def read_parquet(
    path: str | Path,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_progress: OnProgress = None,
) -> dict[str, RawSplit]:
    """Read pictures and labels from a Parquet file, or from a folder of them.

    The pictures are a column ``image`` (or ``img``) of encoded bytes, alone or in a struct with ``bytes``;
    the labels a column ``label`` of numbers or words. Hugging Face's names of the classes are used. In a
    folder, or its folder ``data``, the file names say the split: ``train-00000-of-00002.parquet``.

    Parameters
    ----------
    path
        A ``.parquet`` file or a folder.
    size, channels, on_progress
        As for `read_folder`.

    Returns
    -------
    dict
        ``"train"`` and ``"test"``, or ``"all"`` where there is one file.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        It is no Parquet file, has no such columns, or a picture cannot be read.
    MissingExtraError
        pyarrow is not installed.
    """
    root, form = Path(path).expanduser(), Form(size, channels)
    shards = {"all": [root]} if root.is_file() else _shards(root)
    if not shards:
        raise DataMissingError(
            f"There is no Parquet file at {root}. Give one, or a folder with train-*.parquet and "
            "test-*.parquet."
        )
    tables = {split: _read_table(paths) for split, paths in shards.items()}
    names = next((classes for _, _, classes in tables.values() if classes), None)
    labels, classes = as_labels({split: found[1] for split, found in tables.items()}, names, place=str(root))
    splits = {}
    for split, (pictures, _, _) in tables.items():
        called = [f"row {row} of {shards[split][0]}" for row in range(len(pictures))]
        images = read_pictures(pictures, called, form, on_progress=on_progress)
        splits[split] = RawSplit(images, labels[split], classes, tuple(shards[split]))
    return joined_splits(splits)


def _tables(folder: Path) -> list[Path]:
    found = [*folder.glob("*.parquet"), *folder.glob("data/*.parquet")] if folder.is_dir() else []
    return sorted(
        (path for path in found if not path.name.startswith(".")), key=lambda p: natural_key(p.name)
    )


def _shards(folder: Path) -> dict[str, list[Path]]:
    shards: dict[str, list[Path]] = {}
    for path in _tables(folder):
        word = re.split(r"[-_.]", path.name, maxsplit=1)[0]
        shards.setdefault(split_of(word) or "all", []).append(path)
    if "all" in shards and len(shards) > 1:
        raise DataCorruptError(
            f"{shards['all'][0]} names no split, and other tables beside it do. Begin its name with train or "
            "test, or take it away."
        )
    return shards


def _read_table(paths: list[Path]) -> tuple[list[bytes], Array, tuple[str, ...] | None]:
    """Pictures as encoded bytes, labels as they are, and the names of the classes where they are told."""
    parquet = parquet_library()
    from pyarrow import ArrowException

    pictures: list[bytes] = []
    labels: list[Any] = []
    classes = None
    for path in paths:
        try:
            with parquet.ParquetFile(path) as file:
                image, label = _columns(file.schema_arrow.names, path)
                classes = classes or _class_names(file.schema_arrow.metadata, label)
                for batch in file.iter_batches(columns=[image, label]):
                    rows = batch.to_pydict()
                    pictures += [_bytes_of(value, path) for value in rows[image]]
                    labels += rows[label]
        except (ArrowException, OSError) as error:
            if isinstance(error, DataCorruptError):
                raise
            raise DataCorruptError(f"{path} cannot be read as a Parquet file: {error}") from error
    if None in labels or not labels:
        raise DataCorruptError(f"{paths[0]} has {'pictures without a label' if labels else 'no rows'}.")
    return pictures, np.array(labels), classes


def _columns(names: list[str], path: Path) -> tuple[str, str]:
    image = next((name for name in IMAGE_COLUMNS if name in names), None)
    label = next((name for name in LABEL_COLUMNS if name in names), None)
    if image is None or label is None:
        raise DataCorruptError(
            f"{path} has the columns {', '.join(names)}; needed are one of {', '.join(IMAGE_COLUMNS)} and "
            f"one of {', '.join(LABEL_COLUMNS)}. Rename the columns."
        )
    return image, label


def _bytes_of(value: Any, path: Path) -> bytes:
    found = value.get("bytes") if isinstance(value, Mapping) else value
    if not isinstance(found, bytes):
        raise DataCorruptError(
            f"{path} has a row without the bytes of a picture. A path is not enough: embed the pictures."
        )
    return found


def _class_names(metadata: Mapping[bytes, bytes] | None, label: str) -> tuple[str, ...] | None:
    """Names of the classes, from the metadata that Hugging Face's library leaves; None without them."""
    try:
        info = json.loads((metadata or {})[b"huggingface"])
        names = info["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError):
        return None
    return tuple(map(str, names)) if isinstance(names, list) else None
