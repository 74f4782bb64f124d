"""Files and folders of your own that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from firstlight._errors import CacheError, DataError, UsageError
from firstlight.datasets._marker import MARKER

__all__ = ["whole_or_nothing"]


@contextlib.contextmanager
def whole_or_nothing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Hand out a name beside ``path`` to write a file or a folder under; rename it when all is written.

    After an exception what was written is gone, and what was at ``path`` is as it was.

    Parameters
    ----------
    path
        Where the file or folder shall appear.
    overwrite
        Whether something there may be replaced: a file, an empty folder, or a folder that was exported.

    Raises
    ------
    UsageError
        Something is there that may not be replaced.
    DataError
        The place cannot be written.
    """
    _check_place(path, overwrite=overwrite)
    mark = secrets.token_hex(6)
    part, old = path.with_name(f".{path.name}.{mark}.part"), path.with_name(f".{path.name}.{mark}.old")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _flush(part)
        if path.is_dir():  # a folder cannot be replaced by renaming over it
            path.rename(old)
            try:
                part.rename(path)
            except OSError:
                old.rename(path)
                raise
        else:
            part.replace(path)
    except DataError:
        raise
    except OSError as error:
        raise CacheError(
            f"Cannot write {path} ({error.strerror or error}). Free some space, or choose another place."
        ) from error
    finally:
        _remove(part)
        _remove(old)


def _check_place(path: Path, *, overwrite: bool) -> None:
    if not path.exists() and not path.is_symlink():
        return
    if not overwrite:
        raise UsageError(
            f"There is something at {path} already. Choose another place, or give overwrite=True."
        )
    if path.is_dir() and any(path.iterdir()) and not (path / MARKER).is_file():
        raise UsageError(
            f"{path} is a folder that firstlight did not export, so it is not overwritten. Remove it by "
            "hand, or choose another place."
        )


def _flush(part: Path) -> None:
    """Bring a file to the disk before it gets its name; of a folder, the names in it."""
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()
