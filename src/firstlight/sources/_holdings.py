"""What the cache holds: get it, list it, verify it, remove it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from firstlight._atomic import explained
from firstlight._errors import DataCorruptError
from firstlight.sources import _cache
from firstlight.sources._events import SourceEvent, Verified, tell_nobody
from firstlight.sources._files import Member, Origin
from firstlight.sources._hashes import Fingerprint, check_member, fingerprint
from firstlight.sources._obtain import member_path
from firstlight.sources._registry import REGISTRY, data_files
from firstlight.sources._resume import drop_start

__all__ = ["CachedFile", "FileCheck", "cached", "get", "remove", "verify", "where"]


@dataclass(frozen=True)
class CachedFile:
    """A member that lies in the cache.

    Parameters
    ----------
    dataset, name, path
        What it is and where.
    size_bytes
        Its size now.
    origin
        Where it came from; None where it lies there without having been verified.
    """

    dataset: str
    name: str
    path: Path
    size_bytes: int
    origin: Origin | None


@dataclass(frozen=True)
class FileCheck:
    """What `verify` found about one member.

    Parameters
    ----------
    dataset, name, path
        What it is and where it should be.
    status
        ``"ok"``, ``"damaged"`` or ``"missing"``.
    sha256
        Of the bytes that are there; empty when it is missing.
    expected_sha256
        What it should be; empty where neither the registry nor the stamp knows.
    reason
        What is wrong, in words; empty when it is ok.
    """

    dataset: str
    name: str
    path: Path
    status: str
    sha256: str
    expected_sha256: str
    reason: str

    @property
    def is_ok(self) -> bool:
        return self.status == "ok"


def where(dataset: str) -> Path:
    """Folder of the cache where a data set lies, whether or not it is there.

    Raises
    ------
    UnknownNameError
        There is no such data set.
    """
    data_files(dataset)
    return _cache.dataset_folder(dataset)


def get(dataset: str, *, on_event: Callable[[SourceEvent], None] | None = None) -> tuple[Path, ...]:
    """Obtain every member of a data set, and return their paths in the registry's order.

    Parameters
    ----------
    dataset
        Name of a data set, such as ``"mnist"``.
    on_event
        Is told what happens.

    Raises
    ------
    UnknownNameError, DataMissingError, DataCorruptError, DownloadError, CacheError
        As `member_path` does.
    """
    return tuple(member_path(dataset, member.name, on_event=on_event) for member in _members(dataset))


def cached(dataset: str | None = None) -> tuple[CachedFile, ...]:
    """List the members that lie in the cache, of one data set or of all. Reads no data, verifies nothing.

    Raises
    ------
    UnknownNameError
        There is no such data set.
    """
    names = REGISTRY if dataset is None else (dataset,)
    return tuple(found for name in names for found in _cached(name))


def verify(dataset: str, *, on_event: Callable[[SourceEvent], None] | None = None) -> tuple[FileCheck, ...]:
    """Read every member of a data set that is in the cache, and compare its SHA-256. Changes nothing.

    Parameters
    ----------
    dataset
        Name of a data set, such as ``"mnist"``.
    on_event
        Is told of each member that is right.

    Returns
    -------
    tuple of FileCheck
        One for each member of the data set, also for those that are missing.

    Raises
    ------
    UnknownNameError
        There is no such data set.
    """
    checks = []
    for member in _members(dataset):
        check = _check(dataset, member)
        if check.is_ok and on_event:
            on_event(Verified(dataset, member.name, check.sha256))
        checks.append(check)
    return tuple(checks)


def remove(dataset: str) -> int:
    """Remove all that the cache holds of a data set, and return how many bytes that freed.

    Waits for a process that is obtaining the data set. Files outside of the cache are not touched.

    Raises
    ------
    UnknownNameError
        There is no such data set.
    CacheError
        The cache may not be written.
    """
    if not where(dataset).is_dir():
        return 0
    freed = 0
    with _cache.locked(dataset, tell_nobody) as folder:
        _cache.sweep(folder)
        drop_start(folder)
        for path in _own_files(dataset, folder):
            with contextlib.suppress(FileNotFoundError), explained(path):
                size_bytes = path.stat().st_size
                path.unlink()
                freed += size_bytes
    return freed


def _members(dataset: str) -> tuple[Member, ...]:
    return tuple(member for file in data_files(dataset) for member in file.members)


def _own_files(dataset: str, folder: Path) -> Iterator[Path]:
    """What firstlight put there, by name: the user may have named a folder of their own as the home."""
    names = [file.name for file in data_files(dataset)] + [member.name for member in _members(dataset)]
    for name in names:
        yield from (path for path in (folder / name, folder / f"{name}.json") if path.is_file())


def _cached(dataset: str) -> Iterator[CachedFile]:
    for member in _members(dataset):
        path = _cache.member_file(dataset, member.name)
        with contextlib.suppress(OSError):
            stamp = _cache.fresh_stamp(path, member.sha256)
            origin = stamp.origin if stamp else None
            yield CachedFile(dataset, member.name, path, path.stat().st_size, origin)


def _check(dataset: str, member: Member) -> FileCheck:
    path = _cache.member_file(dataset, member.name)
    stamp = _cache.read_stamp(path)
    expected = member.sha256 or (stamp.sha256 if stamp else "")
    got: Fingerprint | None = None
    try:
        got = fingerprint(path)
        if not expected:
            raise DataCorruptError("nothing is known to compare it with")
        check_member(Member(member.name, "", member.size_bytes, expected), got, place=str(path))
    except FileNotFoundError:
        return FileCheck(dataset, member.name, path, "missing", "", expected, "it is not in the cache")
    except OSError as error:
        sha256 = got.sha256 if got else ""
        return FileCheck(dataset, member.name, path, "damaged", sha256, expected, str(error))
    return FileCheck(dataset, member.name, path, "ok", got.sha256, expected, "")
