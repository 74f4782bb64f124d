"""The cache: where members lie, the stamp beside each, atomic writes and the lock.

A member is ``home()/datasets/<dataset>/<member>``; ``<member>.json`` beside it is its stamp: size, time of
change and SHA-256 at the moment it was verified, and where it came from. While size and time still match,
the bytes are taken as verified without reading them.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from firstlight._errors import CacheError, DataCorruptError, DataError
from firstlight._settings import home
from firstlight.sources._events import OnEvent, Waiting
from firstlight.sources._files import Member, Origin
from firstlight.sources._hashes import Fingerprint, check_member

if TYPE_CHECKING:
    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

__all__ = [
    "CHUNK_BYTES",
    "TEMPORARY",
    "MemberSink",
    "Stamp",
    "dataset_folder",
    "explained",
    "file_chunks",
    "fresh_stamp",
    "keep_archive",
    "locked",
    "member_file",
    "new_file",
    "read_stamp",
    "store",
    "sweep",
    "write_stamp",
    "write_whole",
]

CHUNK_BYTES = 1 << 20
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


@dataclass(frozen=True)
class Stamp:
    """What a file of the cache was when it was verified."""

    size_bytes: int
    mtime_ns: int
    sha256: str
    origin_kind: str
    origin_detail: str

    @property
    def origin(self) -> Origin:
        return Origin(self.origin_kind, self.origin_detail, self.sha256, self.size_bytes)


def dataset_folder(dataset: str) -> Path:
    """Folder of a data set in the cache; it need not exist."""
    return home() / "datasets" / dataset


def member_file(dataset: str, member: str) -> Path:
    """Where a member lies in the cache, whether or not it is there."""
    return dataset_folder(dataset) / member


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an operating system's refusal to write at ``path`` into a `CacheError` that says the cure."""
    try:
        yield
    except DataError:
        raise
    except OSError as error:
        cure = _CURES.get(error.errno or 0, "check that folder, or set FIRSTLIGHT_HOME to another one")
        raise CacheError(f"Cannot write the cache at {path} ({error.strerror or error}): {cure}.") from error


def read_stamp(path: Path) -> Stamp | None:
    """Read the stamp beside a file of the cache; None when there is none that makes sense."""
    try:
        return Stamp(**json.loads(_stamp_file(path).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def fresh_stamp(path: Path, sha256: str | None = None) -> Stamp | None:
    """Return the stamp of a file that has not changed since it was verified, else None. Reads no data.

    Parameters
    ----------
    path
        A file of the cache.
    sha256
        What the registry says now; a stamp that says otherwise is no good.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    stamp = read_stamp(path)
    if stamp is None or (stamp.size_bytes, stamp.mtime_ns) != (status.st_size, status.st_mtime_ns):
        return None
    return stamp if sha256 in (None, stamp.sha256) else None


def write_stamp(path: Path, origin: Origin) -> Stamp:
    """Stamp a file whose bytes have just been verified."""
    with explained(path):
        status = path.stat()
        stamp = Stamp(status.st_size, status.st_mtime_ns, origin.sha256, origin.kind, origin.detail)
        with new_file(_stamp_file(path)) as out:
            write_whole(out, json.dumps(asdict(stamp), indent=1).encode(), path)
    return stamp


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


class MemberSink(io.RawIOBase):
    """A file to write a member's bytes to: hashes and counts them, and refuses more than there should be."""

    def __init__(self, out: FileIO, path: Path, limit_bytes: int | None) -> None:
        self._out, self._path, self._limit = out, path, limit_bytes
        self.got = Fingerprint()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        piece = memoryview(data).cast("B")
        if self._limit is not None and self.got.size_bytes + len(piece) > self._limit:
            raise DataCorruptError(f"more than the {self._limit} bytes that {self._path.name} has")
        self.got.update(piece)
        write_whole(self._out, piece, self._path)
        return len(piece)


def write_whole(out: FileIO, piece: Buffer, path: Path) -> None:
    """Write all of ``piece``; an unbuffered file may take less than it is given."""
    rest = memoryview(piece)
    with explained(path):
        while rest:
            rest = rest[out.write(rest) :]


def store(
    dataset: str,
    member: Member,
    fill: Callable[[BinaryIO], None],
    *,
    origin: Origin,
    is_trusted: bool = False,
) -> Origin:
    """Write a member and its stamp, or nothing at all if the bytes are not the right ones.

    Parameters
    ----------
    dataset, member
        What the bytes claim to be.
    fill
        Writes the decoded bytes to the file that it is given. More than the member has are refused.
    origin
        Where they come from.
    is_trusted
        Whether the published file that they are decoded from was verified. Only then is a member
        accepted whose own SHA-256 is not known; that SHA-256 is pinned in the stamp.

    Raises
    ------
    DataCorruptError
        The bytes are not that member's.
    CacheError
        They could not be written.
    """
    if member.sha256 is None and not is_trusted:
        raise DataCorruptError(f"no SHA-256 of the decoded {member.name} is known, so it cannot be verified")
    path = member_file(dataset, member.name)
    with new_file(path) as out:
        sink = MemberSink(out, path, member.size_bytes)
        fill(cast(BinaryIO, sink))
        check_member(member, sink.got, place=origin.detail)
    done = Origin(origin.kind, origin.detail, sink.got.sha256, sink.got.size_bytes)
    write_stamp(path, done)
    return done


def keep_archive(part: Path, path: Path, origin: Origin) -> Path:
    """Move a verified published file from its temporary place into the cache, and stamp it."""
    with explained(path):
        handle = os.open(part, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(path)
        _sync_folder(path.parent)
    write_stamp(path, origin)
    return path


@contextlib.contextmanager
def locked(dataset: str, tell: OnEvent) -> Iterator[Path]:
    """Hold the data set's lock, so that of many processes one obtains and the others wait.

    The lock belongs to the process: when that is killed, the operating system frees it.
    """
    from filelock import FileLock, Timeout  # not needed, and not loaded, when everything is there

    folder = dataset_folder(dataset)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        with explained(folder):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                tell(Waiting(dataset, str(folder / ".lock")))
                lock.acquire(poll_interval=0.05)
        yield folder
    finally:
        lock.release()


def sweep(folder: Path) -> None:
    """Remove what killed processes left. Call it with the lock held: then nobody is writing there."""
    for left in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


def file_chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, a mebibyte at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _stamp_file(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _sync_folder(folder: Path) -> None:
    # Only so does the new name survive a power cut; Windows cannot, and need not, open a folder.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
