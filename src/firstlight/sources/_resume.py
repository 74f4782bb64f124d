"""What is left of a download that did not end: kept beside the cache, and continued by the next one.

The bytes of a file are the same on every mirror, so what came from one is a start for any other. Should a
start be wrong, the hash of the whole finds it, and the download begins again from the first byte.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

__all__ = ["MOST_AGE_SECONDS", "drop_start", "keep_start", "seed", "start_file"]

PREFIX = ".resume-"
LEAST_BYTES = 1 << 16  # less is quicker asked for again than kept
MOST_AGE_SECONDS = 7 * 24 * 3600


def start_file(folder: Path, name: str) -> Path:
    """Where the start of a file is kept, whether or not there is one."""
    return folder / f"{PREFIX}{name}"


def _longest(parts: Iterable[Path]) -> Path | None:
    """The longest of the files that are there, if it is long enough to be worth keeping."""
    sizes = {part: _size(part) for part in parts}
    best = max(sizes, key=lambda part: sizes[part], default=None)
    return best if best is not None and sizes[best] >= LEAST_BYTES else None


def keep_start(parts: Path, folder: Path) -> None:
    """Keep the longest of what lies in the folder ``parts``, where it is longer than what was kept before.

    Parts are named ``<number>-<file name>``.
    """
    best = _longest(parts.glob("*-*"))
    if best is None:
        return
    kept = start_file(folder, best.name.partition("-")[2])
    if _size(best) > _size(kept):
        with contextlib.suppress(OSError):
            best.replace(kept)


def drop_start(folder: Path, name: str = "*", *, least_age_seconds: float = 0.0) -> None:
    """Remove the start of a file, or of all; only those that nobody has touched for so long."""
    for kept in folder.glob(f"{PREFIX}{name}"):
        with contextlib.suppress(OSError):
            if time.time() - kept.stat().st_mtime >= least_age_seconds:
                kept.unlink()


def seed(part: Path, starts: Iterable[Path]) -> None:
    """Begin a new part with a copy of the longest start, if there is one. A failed copy is no start."""
    best = _longest(starts)
    if best is not None:
        try:
            shutil.copyfile(best, part)
        except OSError:
            part.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
