"""Arrays of your own: NPZ files with the usual names, and folders of IDX files."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal

import numpy as np

from firstlight._errors import DataCorruptError, DataMissingError
from firstlight.datasets._marker import read_classes
from firstlight.datasets._raw import Array, RawSplit, as_labels, joined_splits, split_of
from firstlight.sources import read_idx

__all__ = ["as_images", "holds_idx", "read_idx_folder", "read_npz"]

# What people call images and labels of a split; {} is x_train's "train". The first names that fit win.
IMAGE_NAMES = ("x_{}", "{}_images", "images_{}", "{}_x", "{}_data")
LABEL_NAMES = ("y_{}", "{}_labels", "labels_{}", "{}_y", "{}_targets")
SPLIT_WORDS = {"train": ("train",), "test": ("test",), "validation": ("val", "valid", "validation")}
WHOLE_IMAGES = ("images", "x", "data", "image")
WHOLE_LABELS = ("labels", "y", "target", "targets", "label")
CLASS_NAMES = ("classes", "class_names", "label_names")
IDX_NAME = re.compile(
    r"(?:.*[-_])?(train|t10k|test|val|valid|validation|all)[-_](images|labels)[-._]idx\d[-_]u?(?:byte|int)(?:\.gz)?",
    re.IGNORECASE,
)
CHANNELS = (1, 3)
CHUNK_BYTES = 1 << 20


def read_npz(path: str | Path) -> dict[str, RawSplit]:
    """Read images and labels from an NPZ file; never unpickles anything.

    Takes ``x_train``, ``y_train``, ``x_test``, ``y_test`` as Keras names them, ``train_images``,
    ``train_labels`` and so on (``val_images`` too), or one pair ``images``, ``labels`` (or ``x``, ``y``).
    ``classes`` may hold the names. Capitals do not matter. See `as_images` for the shapes and types.

    Returns
    -------
    dict
        ``"train"`` and ``"test"``, or ``"all"`` where there is one pair.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataCorruptError
        It is no NPZ file, has no such arrays, or they do not fit together.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        raise DataMissingError(f"There is no NPZ file at {path}.")
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_archive(archive, path)
    except DataCorruptError:
        raise
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError, zlib.error) as error:
        raise DataCorruptError(f"{path} cannot be read as an NPZ file: {error}") from error


def _read_archive(archive: zipfile.ZipFile, path: Path) -> dict[str, RawSplit]:
    keys = {name.removesuffix(".npy").lower(): name for name in archive.namelist()}
    pairs = _pairs(keys)
    if not pairs:
        raise DataCorruptError(
            f"{path} has the arrays {', '.join(sorted(keys)) or '(none)'}; needed are x_train and y_train "
            "(and x_test, y_test), train_images and train_labels, or images and labels. Rename them."
        )
    names = next((_array(archive, keys[key], path) for key in CLASS_NAMES if key in keys), None)
    classes = None if names is None else tuple(map(str, names.ravel().tolist()))
    found = {
        split: (_array(archive, keys[images], path), _array(archive, keys[labels], path))
        for split, (images, labels) in pairs.items()
    }
    return _splits(found, classes, place=str(path), files=dict.fromkeys(found, (path,)), prefer="last")


def _pairs(keys: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    pairs = {}
    for split, words in SPLIT_WORDS.items():
        images = [name.format(word) for word in words for name in IMAGE_NAMES if name.format(word) in keys]
        labels = [name.format(word) for word in words for name in LABEL_NAMES if name.format(word) in keys]
        if images and labels:
            pairs[split] = (images[0], labels[0])
    whole = [next((name for name in names if name in keys), None) for names in (WHOLE_IMAGES, WHOLE_LABELS)]
    if not pairs and whole[0] and whole[1]:
        return {"all": (whole[0], whole[1])}
    return pairs


def _array(archive: zipfile.ZipFile, name: str, path: Path) -> Array:
    """Read one array; its header is held against the size in the zip before anything is allocated."""
    info = archive.getinfo(name)
    with archive.open(info) as file:
        shape, is_fortran, dtype = _npy_header(file, f"{path} ({name})")
        size_bytes = math.prod(shape) * dtype.itemsize
        if dtype.hasobject:
            raise DataCorruptError(
                f"{path} ({name}) holds Python objects, which can run code and are never opened. "
                "Save plain numbers or words, such as names.astype(str)."
            )
        if file.tell() + size_bytes != info.file_size:
            raise DataCorruptError(
                f"{path} ({name}) claims {dtype} of shape {shape}, {size_bytes:,} bytes, but "
                f"{info.file_size - file.tell():,} are there. Get the file again."
            )
        data = bytearray()
        while chunk := file.read(CHUNK_BYTES):
            data += chunk
    flat = np.frombuffer(data, dtype)
    return flat.reshape(shape[::-1]).T if is_fortran else flat.reshape(shape)


def _npy_header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise DataCorruptError(f"{name} has the array format version {version}; plain arrays have (1, 0).")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
    return shape, is_fortran, dtype


def holds_idx(path: Path) -> bool:
    """Whether a folder has files that are called as IDX files are."""
    return any(IDX_NAME.fullmatch(entry.name) for entry in path.iterdir())


def read_idx_folder(path: str | Path) -> dict[str, RawSplit]:
    """Read IDX files with the usual names: ``train-images-idx3-ubyte``, ``t10k-labels-idx1-ubyte`` and so on.

    ``test`` and ``val`` are taken for ``t10k`` too, a dot before ``idx``, a prefix, and gzip. Images have the
    shape [n, h, w], [n, c, h, w] or [n, h, w, c]. Names of classes are their numbers.

    Returns
    -------
    dict
        ``"train"`` and ``"test"``, whichever are there.

    Raises
    ------
    DataMissingError
        Images or labels of a split are not there.
    DataCorruptError
        A file is not IDX, two files claim to be the same, or they do not fit together.
    """
    folder = Path(path).expanduser()
    found: dict[str, dict[str, Path]] = {}
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        match = IDX_NAME.fullmatch(entry.name)
        split = split_of(match[1]) if match else None
        if match and split:
            what = found.setdefault(split, {}).setdefault(match[2].lower(), entry)
            if what is not entry and what.name != entry.name.removesuffix(".gz"):
                raise DataCorruptError(f"{what} and {entry.name} are both {match[2]} of {split}. Remove one.")
    for split, files in found.items():
        for missing in {"images", "labels"} - set(files):
            raise DataMissingError(f"{folder} has no IDX file with the {missing} of {split}.")
    if not found:
        raise DataMissingError(f"{folder} has no IDX files such as train-images-idx3-ubyte.")
    arrays = {
        split: (read_idx(files["images"]), read_idx(files["labels"], expect_ndim=1))
        for split, files in found.items()
    }
    sources = {split: (files["images"], files["labels"]) for split, files in found.items()}
    return _splits(arrays, read_classes(folder), place=str(folder), files=sources, prefer="first")


def _splits(
    found: Mapping[str, tuple[Array, Array]],
    classes: tuple[str, ...] | None,
    *,
    place: str,
    files: Mapping[str, tuple[Path, ...]],
    prefer: Literal["first", "last"],
) -> dict[str, RawSplit]:
    """Put splits together out of what was read, all with the same classes."""
    numbers, names = as_labels({split: labels for split, (_, labels) in found.items()}, classes, place=place)
    splits = {}
    for split, (array, _) in found.items():
        images = as_images(array, place=f"{place} ({split})", prefer=prefer)
        if len(images) != len(numbers[split]):
            raise DataCorruptError(
                f"{place} ({split}) has {len(images):,} images and {len(numbers[split]):,} labels; there "
                "must be one label an image."
            )
        splits[split] = RawSplit(images, numbers[split], names, files[split])
    return joined_splits(splits)


def as_images(array: Array, *, place: str, prefer: Literal["first", "last"] = "last") -> Array:
    """Bring an array of images into the form uint8 ``[n, c, h, w]``, without a copy where it can.

    Three axes are [n, h, w]. Of four, the channels are the one that is 1 or 3 long: the last axis
    ([n, h, w, c], as Keras has it) or the second ([n, c, h, w], as PyTorch has it). Where both are, the one
    to ``prefer`` wins. Numbers of another type are taken if all are whole and from 0 to 255.

    Parameters
    ----------
    array
        As it was read.
    place
        Where, for messages.
    prefer
        ``"last"`` for NPZ, ``"first"`` for IDX.

    Raises
    ------
    DataCorruptError
        No images, another shape, or numbers that no byte can hold; says what to do.

    Examples
    --------
    >>> as_images(np.zeros((5, 28, 28, 3), np.uint8), place="x").shape
    (5, 3, 28, 28)
    """
    if array.ndim not in (3, 4) or 0 in array.shape:
        raise DataCorruptError(
            f"{place} has images of shape {array.shape}; [n, h, w], [n, h, w, c] or [n, c, h, w] are images. "
            "Give flat rows their shape with images.reshape(-1, 28, 28)."
        )
    images = _as_bytes(array, place)
    if images.ndim == 3:
        return images[:, None]
    is_first, is_last = images.shape[1] in CHANNELS, images.shape[3] in CHANNELS
    if not is_first and not is_last:
        raise DataCorruptError(
            f"{place} has images of shape {array.shape}, in which neither the second nor the last axis is 1 "
            "or 3 channels. Turn them grey or into RGB."
        )
    if is_last and (prefer == "last" or not is_first):
        return np.ascontiguousarray(np.moveaxis(images, 3, 1))
    return images


def _as_bytes(array: Array, place: str) -> Array:
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "iufb":
        raise DataCorruptError(f"{place} has images of type {array.dtype}; bytes from 0 to 255 are pixels.")
    low, high = array.min(), array.max()
    if array.dtype.kind in "fb" and low >= 0 and high <= 1:
        raise DataCorruptError(
            f"{place} has pixels of type {array.dtype} from 0 to 1. Bring them to 0 to 255 as bytes: "
            "(255 * images).round().astype('uint8')."
        )
    if not (low >= 0 and high <= 255) or (
        array.dtype.kind == "f" and not np.array_equal(array, np.trunc(array))
    ):
        raise DataCorruptError(
            f"{place} has pixels of type {array.dtype} from {low} to {high}, which are not all whole numbers "
            "from 0 to 255. Undo the normalisation, round and convert: images.round().astype('uint8')."
        )
    return array.astype(np.uint8)
