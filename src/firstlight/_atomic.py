"""Files that appear whole or not at all, and refusals of the disk that say what cures them."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight._errors import CacheError, DataError

if TYPE_CHECKING:
    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

__all__ = ["TEMPORARY", "explained", "move_whole", "new_file", "write_file", "write_whole"]

# What begins so is half-written; the cache sweeps away what killed processes left.
TEMPORARY = ".part-"

_CURES = {
    errno.ENOSPC: "the disk is full: free some space, or set FIRSTLIGHT_HOME to a folder on another disk",
    errno.EDQUOT: "your disk quota is used up: free some space, or set FIRSTLIGHT_HOME to another disk",
    errno.EFBIG: "files that large are not allowed there: raise `ulimit -f`",
    errno.EROFS: "it is read-only: set FIRSTLIGHT_HOME to a folder that you can write to",
    errno.EACCES: "you may not write there: set FIRSTLIGHT_HOME to a folder that you can write to",
    errno.EPERM: "you may not write there: set FIRSTLIGHT_HOME to a folder that you can write to",
    errno.ENOTDIR: "part of that path is a file, not a folder: set FIRSTLIGHT_HOME to a folder",
    errno.EEXIST: "a file lies where a folder must be: move it away, or set FIRSTLIGHT_HOME to a folder",
}


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an operating system's refusal to write at ``path`` into a `CacheError` that says the cure."""
    try:
        yield
    except DataError:
        raise
    except OSError as error:
        cure = _CURES.get(error.errno or 0, "check that folder, or set FIRSTLIGHT_HOME to another one")
        raise CacheError(f"Cannot write {path} ({error.strerror or error}): {cure}.") from error


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[FileIO]:
    """Open a file that appears at ``path`` whole, or not at all.

    The bytes go to a temporary file in the same folder, then to the disk (fsync); only then does the file
    get its name. After an exception, the temporary file is gone and ``path`` is as it was.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}-{path.name}")
        # Not tempfile: its files may be read by their owner only, and a cache is shared as umask says.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        # Unbuffered: a full disk is then met in our own write, not while closing.
        with os.fdopen(handle, "wb", buffering=0) as out:
            yield out
            with explained(path):
                os.fsync(out.fileno())
        with explained(path):
            part.replace(path)
            _sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def write_whole(out: FileIO, piece: Buffer, path: Path) -> None:
    """Write all of ``piece``; an unbuffered file may take less than it is given."""
    rest = memoryview(piece)
    with explained(path):
        while rest:
            rest = rest[out.write(rest) :]


def move_whole(part: Path, path: Path) -> None:
    """Give a finished temporary file its name; the bytes are on the disk before the name is."""
    with explained(path):
        handle = os.open(part, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(path)
        _sync_folder(path.parent)


def write_file(path: Path, content: bytes | str) -> Path:
    """Write a small file at one stroke; text as UTF-8. Returns its path."""
    with new_file(path) as out:
        write_whole(out, content.encode() if isinstance(content, str) else content, path)
    return path


def _sync_folder(folder: Path) -> None:
    # Only so does the new name survive a power cut; Windows cannot, and need not, open a folder.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
