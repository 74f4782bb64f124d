"""Where a map is to be written: what can be known to go wrong is said before the work, not after it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["check_files", "check_space"]

SUFFIXES = (".html", ".png", ".npz")
# Generous: bytes for each image of a map, and for the rest of the file.
_SIZES = {".html": (250, 1_000_000), ".png": (0, 3_000_000), ".npz": (1_000, 1_000_000)}


def check_files(files: Sequence[Path], *, has_images: bool) -> None:
    """Refuse files that a map cannot be written to.

    Does not write anything, so that a folder that only the operating system would refuse is found later.

    Raises
    ------
    UsageError
        Another ending, a folder in the file's place, a folder that may not be written to, or a page of a
        map that has no images.
    MissingExtraError
        matplotlib, which pictures need, is not installed.
    """
    from firstlight._errors import MissingExtraError, UsageError

    for file in files:
        if file.suffix.lower() not in SUFFIXES:
            raise UsageError(f"A map is saved as {', '.join(SUFFIXES)}; got {file.name!r}.")
        if file.is_dir():
            raise UsageError(f"{file} is a folder. Name a file: -o {file / 'map.html'}")
        folder = _nearest_folder(file)
        if not folder.is_dir():
            raise UsageError(f"{file} cannot be written: {folder} is a file, not a folder.")
        if not os.access(folder, os.W_OK):
            raise UsageError(
                f"{file} cannot be written: you may not write to {folder}. Name another place: -o"
            )
        if file.suffix.lower() == ".html" and not has_images:
            raise UsageError(
                "A page shows images, and features alone have none: "
                "name the data set too, or save the map with -o map.png or -o map.npz."
            )
        if file.suffix.lower() == ".png" and find_spec("matplotlib") is None:
            raise MissingExtraError("A picture of a map", package="matplotlib", extra="maps")


def check_space(files: Sequence[Path], images: int) -> None:
    """Refuse a disk that has clearly no room for the files.

    Raises
    ------
    UsageError
        There is less room than the files need.
    """
    from firstlight._errors import UsageError
    from firstlight.cli._sizes import size_text

    for file in files:
        each, rest = _SIZES[file.suffix.lower()]
        folder, needed = _nearest_folder(file), each * images + rest
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise UsageError(
                f"{file} needs up to {size_text(needed)}, and {folder} has {size_text(free)} free. "
                "Free some space, or name a place on another disk: -o"
            )


def _nearest_folder(file: Path) -> Path:
    """Return the nearest thing above the file that is there; missing folders are made when it is written."""
    return next(place for place in file.absolute().parents if place.exists())
