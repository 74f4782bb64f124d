"""Your own data under a name: kept in the cache as IDX files, so that `load` maps it at once.

``home()/imported/<name>/`` holds images and labels of both splits as plain IDX, and ``dataset.json`` with
what IDX cannot say: class names, statistics, hashes and where it came from. The folder appears whole or not
at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch

from firstlight._errors import CacheError, DataCorruptError, UnknownNameError, UsageError
from firstlight._settings import home
from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._catalog import find_spec
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._raw import OnProgress
from firstlight.sources import read_idx
from firstlight.sources._idx import write_idx

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ImportedFile",
    "import_dataset",
    "imported_files",
    "imported_folder",
    "imported_names",
    "load_imported",
    "remove_imported",
]

Split = Literal["train", "test"]
SPLITS: tuple[Split, Split] = ("train", "test")
RECORD = "dataset.json"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class ImportedFile:
    """A file of an imported data set, and the hash it had when it was imported."""

    path: Path
    size_bytes: int
    sha256: str
    source: str

    def check(self) -> tuple[str, str]:
        """Hash the file again: ``"ok"``, ``"damaged"`` or ``"missing"``, and what is wrong in words."""
        if not self.path.is_file():
            return "missing", "it is not there"
        got = _sha256(self.path)
        return ("ok", "") if got == self.sha256 else ("damaged", f"its SHA-256 is {got}, not {self.sha256}")


def import_dataset(
    path: str | os.PathLike[str],
    name: str,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_progress: OnProgress = None,
) -> tuple[ImageDataset, ImageDataset]:
    """Copy your own data into the cache, so that ``load(name)`` finds it from any folder, and quickly.

    Does not keep a link to the original: what changes there later is not seen. Columns are not kept.

    Parameters
    ----------
    path
        Anything of your own that `load` takes: a folder of images by class, IDX, NPZ or Parquet.
    name
        Small letters, digits and dashes; not the name of a data set that firstlight has already.
    size, channels
        Of pictures: height and width to bring all to, and 1 for grey or 3 for colour.
    on_progress
        Called now and then with the number of pictures read and of all.

    Returns
    -------
    tuple
        (train, test), as ``load(name)`` gives them from now on.

    Raises
    ------
    UsageError
        The name cannot be used, or is in use.
    DataError
        The data cannot be read, or the cache cannot be written.
    """
    from firstlight.datasets._own_data import load_own

    check_name(name)
    source = Path(path).expanduser().absolute()
    train, test = load_own(source, size=size, channels=channels, on_progress=on_progress)
    _write_folder(name, source, train, test)
    return load_imported(name)


def check_name(name: str) -> None:
    """Raise `UsageError` unless data can be imported under this name."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a data set. Use up to 64 small letters, digits and dashes, "
            "beginning with a letter or digit, such as 'my-digits'."
        )
    if _is_built_in(name):
        raise UsageError(
            f"{name!r} is the name of a data set that firstlight has already. Choose another one."
        )
    if imported_folder(name).exists():
        raise UsageError(
            f"There is imported data called {name!r} already. Choose another name, or remove it first with "
            f"`firstlight data rm {name}`."
        )


def imported_folder(name: str) -> Path:
    """Where the data imported under a name lies; it need not exist."""
    return home() / "imported" / name


def imported_names() -> tuple[str, ...]:
    """Return the names under which data was imported, sorted.

    Examples
    --------
    >>> "mnist" in imported_names()
    False
    """
    return tuple(sorted(record.parent.name for record in (home() / "imported").glob(f"[!.]*/{RECORD}")))


def imported_files(name: str) -> tuple[ImportedFile, ...]:
    """Return the files of imported data with the hashes they must have. Reads none of them.

    Raises
    ------
    UnknownNameError
        No data was imported under this name.
    DataCorruptError
        Its record cannot be read.
    """
    record = _read_record(name)
    folder = imported_folder(name)
    return tuple(
        ImportedFile(folder / file["name"], file["size_bytes"], file["sha256"], record["source"])
        for file in record["files"]
    )


def load_imported(name: str) -> tuple[ImageDataset, ImageDataset]:
    """Return (train, test) of data that was imported under a name; the pixels are mapped, not read.

    Raises
    ------
    UnknownNameError
        No data was imported under this name.
    DataError
        Its files are gone or damaged.
    """
    record = _read_record(name)
    train, test = (_load_split(name, split, record) for split in SPLITS)
    return train, test


def remove_imported(name: str) -> int:
    """Remove imported data; the original is left alone.

    Returns
    -------
    int
        Bytes that became free.

    Raises
    ------
    UnknownNameError
        No data was imported under this name.
    """
    if name not in imported_names():
        raise UnknownNameError("imported data set", name, imported_names())
    folder = imported_folder(name)
    size_bytes = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    if folder.is_symlink():
        raise UsageError(f"{folder} is a link, and firstlight made none there. Remove it by hand.")
    shutil.rmtree(folder)
    return size_bytes


def _is_built_in(name: str) -> bool:
    try:
        find_spec(name)
    except UnknownNameError:
        return name == "emnist"
    return True


def _write_folder(name: str, source: Path, train: ImageDataset, test: ImageDataset) -> None:
    folder = imported_folder(name)
    partial = folder.with_name(f".{name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        files = [
            file
            for data, split in ((train, "train"), (test, "test"))
            for file in _write_split(partial, split, data)
        ]
        record = {
            "schema": 1,
            "name": name,
            "source": str(source),
            "classes": list(train.classes),
            "mean": list(train.mean),
            "std": list(train.std),
            "oddities": list(train.card.oddities),
            "files": files,
        }
        (partial / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CacheError(
            f"Cannot write imported data at {folder} ({reason}). Free some space, or set FIRSTLIGHT_HOME to "
            "a folder that you can write to."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_split(folder: Path, split: str, data: ImageDataset) -> list[dict[str, Any]]:
    images, labels = data.numpy()
    # IDX knows uint8 and int32; a byte is what every other program expects of labels.
    small = labels.astype(np.uint8 if len(data.classes) <= 256 else np.int32)
    plain = images[:, 0] if images.shape[1] == 1 else images
    written: list[tuple[str, NDArray[Any]]] = [(f"{split}-images.idx", plain), (f"{split}-labels.idx", small)]
    files = []
    for name, array in written:
        with (folder / name).open("wb") as file:
            write_idx(file, array)
            file.flush()
            os.fsync(file.fileno())
        path = folder / name
        files.append({"name": name, "size_bytes": path.stat().st_size, "sha256": _sha256(path)})
    return files


def _load_split(name: str, split: Split, record: dict[str, Any]) -> ImageDataset:
    folder = imported_folder(name)
    images = read_idx(folder / f"{split}-images.idx")
    labels = read_idx(folder / f"{split}-labels.idx", expect_ndim=1)
    hashes = {file["name"]: file["sha256"] for file in record["files"]}
    return ImageDataset(
        name=name,
        split=split,
        images=torch.from_numpy(images if images.ndim == 4 else images[:, None]),
        labels=torch.from_numpy(labels).long(),
        classes=tuple(record["classes"]),
        mean=tuple(record["mean"]),
        std=tuple(record["std"]),
        card=DataCard(
            title=name,
            description=f"Imported from {record['source']}.",
            oddities=tuple(record["oddities"]),
        ),
        provenance=tuple(
            Provenance(file, hashes[file], f"imported: {record['source']}")
            for file in (f"{split}-images.idx", f"{split}-labels.idx")
        ),
    )


def _read_record(name: str) -> dict[str, Any]:
    if name not in imported_names():
        raise UnknownNameError("imported data set", name, imported_names())
    path = imported_folder(name) / RECORD
    try:
        record = json.loads(path.read_bytes())
        return {key: record[key] for key in ("source", "classes", "mean", "std", "oddities", "files")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataCorruptError(
            f"{path} cannot be read ({error}). Remove the data with `firstlight data rm {name}` and import "
            "it again."
        ) from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
