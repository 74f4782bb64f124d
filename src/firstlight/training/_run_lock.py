"""One process at a time trains a run: a lock that the operating system frees when its holder dies.

Not filelock, which takes as long to import as a hundred steps of the smallest recipe.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from firstlight._atomic import explained
from firstlight._errors import UsageError

__all__ = ["LOCK", "is_locked", "run_lock"]

LOCK = ".lock"
PATIENCE_SECONDS = 0.5  # somebody may just be looking whether the run is locked


@contextlib.contextmanager
def run_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a run's folder.

    Where a file system knows no locks, nothing is held and nobody is kept out.

    Raises
    ------
    UsageError
        Another process holds it.
    """
    path = folder / LOCK
    handle = _opened_and_locked(path)
    try:
        yield
    finally:
        # Taken away while it is held: who waits for it sees that it is no longer the file of that name.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)  # frees the lock
        if os.name == "nt":  # which removes no open file
            with contextlib.suppress(OSError):
                path.unlink()


def _opened_and_locked(path: Path) -> int:
    deadline = monotonic() + PATIENCE_SECONDS
    while True:
        with explained(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if _acquired(handle) and _is_file_of(handle, path):
            return handle
        os.close(handle)
        if monotonic() > deadline:
            raise UsageError(f"Another process is training {path.parent} right now. Wait for it, or stop it.")
        sleep(0.02)


def _is_file_of(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def is_locked(folder: Path) -> bool:
    """Whether some process trains that run at the moment."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _acquired(handle)
    finally:
        os.close(handle)


def _acquired(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass  # no locks here
    return True
