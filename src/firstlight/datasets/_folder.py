"""A folder of pictures, one folder a class, as people keep their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from firstlight._errors import DataCorruptError, DataMissingError
from firstlight.datasets._marker import read_classes
from firstlight.datasets._pictures import Form, read_pictures
from firstlight.datasets._raw import OnProgress, RawSplit, joined_splits, natural_key, split_of

__all__ = ["class_folder", "holds_pictures", "read_folder"]

ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pbm", ".pnm"}
)
# What some file system forbids in a name; written as %2F and so on, as in a URL.
FORBIDDEN = frozenset('/\\:*?"<>|%')


@dataclass(frozen=True)
class _ClassFolder:
    name: str
    pictures: tuple[Path, ...]


def class_folder(name: str) -> str:
    """Name the folder for a class, so that it may lie on any file system; `read_folder` turns it back.

    Examples
    --------
    >>> class_folder("T-shirt/top"), class_folder("Ankle boot")
    ('T-shirt%2Ftop', 'Ankle boot')
    """
    text = "".join(f"%{ord(char):02X}" if char in FORBIDDEN or ord(char) < 32 else char for char in name)
    for end in ". ":  # neither a hidden folder nor one that Windows would rename
        if text.startswith(end):
            text = f"%{ord(end):02X}{text[1:]}"
        if text.endswith(end):
            text = f"{text[:-1]}%{ord(end):02X}"
    return text


def holds_pictures(path: Path) -> bool:
    """Whether a folder has folders in it, or pictures; looks no deeper."""
    return any(entry.is_dir() or _is_picture(entry.name) for entry in _visible(path))


def read_folder(
    path: str | Path,
    *,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    on_progress: OnProgress = None,
) -> dict[str, RawSplit]:
    """Read ``<path>/<class>/*.png``, or ``<path>/train/<class>/*.png`` with ``test`` (or ``val``) beside it.

    Classes are the folders' names in natural order (10 after 9), pictures follow by class and then by name.
    Folders within a class folder are searched too; links to folders in them are not followed. Hidden files,
    and files that do not end as pictures do, are passed over. All pictures must have one size and be all
    grey or all colour, unless ``size`` or ``channels`` brings them there.

    Parameters
    ----------
    path
        The folder.
    size
        (height, width) to stretch every picture to, in pixels.
    channels
        1 turns every picture grey, 3 makes every picture colour; transparent parts become white.
    on_progress
        Called now and then with the number of pictures done and the number of all in this split.

    Returns
    -------
    dict
        ``"train"`` and ``"test"``, or ``"all"`` where the folder is not divided.

    Raises
    ------
    DataMissingError
        There is no such folder, no picture in it, or a class without pictures.
    DataCorruptError
        A picture cannot be read, or pictures are not alike; the message names them.
    """
    root, form = Path(path).expanduser(), Form(size, channels)
    if not root.is_dir():
        raise DataMissingError(
            f"There is no folder at {root}. Give a folder that has a folder for each class."
        )
    folders = _split_folders(root)
    tree = {split: _class_folders(folder) for split, folder in folders.items()}
    classes = _class_names(root, tree)
    splits = {
        split: _read_split(folders[split], found, classes, form, on_progress) for split, found in tree.items()
    }
    return joined_splits(splits)


def _split_folders(root: Path) -> dict[str, Path]:
    folders = _folders(root)
    named = {split: folder for folder in folders if (split := split_of(folder.name)) is not None}
    # Somebody may have a class called "train" (beside "car"); a split has folders of its own.
    is_divided = "train" in named or 0 < len(named) == len(folders)
    if is_divided and all(_folders(folder) for folder in named.values()):
        return named
    return {"all": root}


def _visible(folder: Path) -> list[Path]:
    return sorted(
        (e for e in folder.iterdir() if not e.name.startswith(".")), key=lambda e: natural_key(e.name)
    )


def _folders(folder: Path) -> list[Path]:
    return [entry for entry in _visible(folder) if entry.is_dir() and entry.name != "__MACOSX"]


def _is_picture(name: str) -> bool:
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in ENDINGS  # noqa: PTH122


def _class_folders(folder: Path) -> list[_ClassFolder]:
    found = [_ClassFolder(unquote(entry.name), tuple(_pictures_in(entry))) for entry in _folders(folder)]
    empty = [entry.name for entry in found if not entry.pictures]
    if not found:
        raise DataMissingError(
            f"{folder} has no folders in it. Put the pictures of each class into a folder of their own."
        )
    if empty:
        raise DataMissingError(
            f"{folder} has no pictures in the folder of class {empty[0]!r} (they end in "
            f"{', '.join(sorted(ENDINGS))}). Remove the folder, or put pictures into it."
        )
    return found


def _pictures_in(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):  # does not follow links, so it ends
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=natural_key)
        yield from (Path(place, name) for name in sorted(filter(_is_picture, names), key=natural_key))


def _class_names(root: Path, tree: dict[str, list[_ClassFolder]]) -> tuple[str, ...]:
    found = {entry.name for entries in tree.values() for entry in entries}
    known = read_classes(root)
    if known is None:
        return tuple(sorted(found, key=natural_key))
    if not found <= set(known):
        raise DataCorruptError(
            f"{root} was exported with the classes {known}, but now has {sorted(found - set(known))} too. "
            "Remove the file .firstlight.json in it to take the classes from the folders."
        )
    return known


def _read_split(
    folder: Path,
    found: list[_ClassFolder],
    classes: tuple[str, ...],
    form: Form,
    on_progress: OnProgress,
) -> RawSplit:
    number = {name: label for label, name in enumerate(classes)}
    found = sorted(found, key=lambda entry: number[entry.name])
    paths = [path for entry in found for path in entry.pictures]
    images = read_pictures(paths, [str(path) for path in paths], form, on_progress=on_progress)
    counts = [len(entry.pictures) for entry in found]
    labels = np.repeat([number[entry.name] for entry in found], counts).astype(np.int64)
    notes = (
        (f"It has one class only, {classes[0]!r}: nothing can be told apart.",) if len(classes) == 1 else ()
    )
    return RawSplit(images, labels, classes, (folder,), notes)
