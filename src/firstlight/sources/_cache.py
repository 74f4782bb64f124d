"""The cache: where members lie, the stamp beside each, storing and the lock.

A member is ``home()/datasets/<dataset>/<member>``; ``<member>.json`` beside it is its stamp: size, time of
change and SHA-256 at the moment it was verified, and where it came from. While size and time still match,
the bytes are taken as verified without reading them.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from firstlight._atomic import TEMPORARY, explained, move_whole, new_file, write_whole
from firstlight._errors import CacheError, DataCorruptError
from firstlight._settings import home
from firstlight.sources._events import OnEvent, Waiting
from firstlight.sources._files import Member, Origin
from firstlight.sources._hashes import Fingerprint, check_member
from firstlight.sources._resume import MOST_AGE_SECONDS, drop_start, keep_start

if TYPE_CHECKING:
    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

__all__ = [
    "CHUNK_BYTES",
    "MemberSink",
    "Stamp",
    "dataset_folder",
    "file_chunks",
    "fresh_stamp",
    "keep_archive",
    "locked",
    "member_file",
    "read_stamp",
    "store",
    "sweep",
    "write_stamp",
]

CHUNK_BYTES = 1 << 20


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
    move_whole(part, path)
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
    except NotImplementedError as error:
        cure = "set FIRSTLIGHT_HOME to a folder on a disk of this machine"
        raise CacheError(f"The file system of {folder} cannot lock files: {cure}.") from error
    try:
        yield folder
    finally:
        lock.release()


def sweep(folder: Path) -> None:
    """Remove what killed processes left. Call it with the lock held: then nobody is writing there.

    Of a download that was cut off, the start is kept for a week, to be continued.
    """
    drop_start(folder, least_age_seconds=MOST_AGE_SECONDS)
    for left in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if left.is_dir():
                keep_start(left, folder)
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
