"""From a published file to its members: gzip, zip and tar, streamed and bounded.

Only the members that the registry names are read, and only where they are regular files. Nothing is
extracted by the name that an archive gives it, no link is followed, and nothing is unpickled.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from firstlight._errors import DataCorruptError
from firstlight.sources._cache import CHUNK_BYTES, file_chunks
from firstlight.sources._files import DataFile, Member

__all__ = ["archive_kind", "decode", "decoded_together"]

# Real data sets shrink to a third at best, labels to a tenth; deflate can reach 1032 to 1.
MOST_RATIO = 100
SLACK_BYTES = 1 << 20


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def archive_kind(name: str) -> str:
    """Tell ``"tar"``, ``"zip"``, ``"gzip"`` or ``"plain"`` from a file name.

    Examples
    --------
    >>> archive_kind("cifar-10-binary.tar.gz"), archive_kind("t10k-labels-idx1-ubyte.gz")
    ('tar', 'gzip')
    """
    endings = {"tar": (".tar.gz", ".tgz"), "zip": (".zip", ".whl"), "gzip": (".gz",)}
    return next((kind for kind, ends in endings.items() if name.endswith(ends)), "plain")


def decoded_together(file: DataFile, member: Member) -> tuple[Member, ...]:
    """The members to decode when one is asked for: all of a tar, which is read front to back anyway."""
    return file.members if archive_kind(file.name) == "tar" else (member,)


def decode(path: Path, file: DataFile, wanted: Iterable[Member]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Yield each wanted member with its decoded bytes. Verifies nothing but the archive's own checksums.

    Parameters
    ----------
    path
        Where the published file lies.
    file
        What it is; its name says how it is packed.
    wanted
        Members of it. Consume the bytes of one before you ask for the next.

    Raises
    ------
    DataCorruptError
        The archive is damaged, lacks a member, has a link where a member should be, or grows beyond what
        the member has (where that is not known: beyond 100 times its packed size).
    """
    readers = {"tar": _tar_members, "zip": _zip_members, "gzip": _gzip_members, "plain": _plain_members}
    members = tuple(wanted)
    with _damage_named(path):
        for member, chunks in readers[archive_kind(file.name)](path, members):
            limit = member.size_bytes or _most_bytes(path)
            yield member, _bounded(chunks, limit, path)


@contextlib.contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turn what the standard library raises on damaged archives into `DataCorruptError`."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise DataCorruptError(f"{path} is damaged: {error}") from error
    except (NotImplementedError, RuntimeError) as error:  # zipfile: an odd compression, or a password
        raise DataCorruptError(f"{path} cannot be unpacked: {error}") from error


def _gzip_members(path: Path, wanted: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    with gzip.open(path) as stream:
        for member in wanted:
            yield member, _chunks(stream)


def _plain_members(path: Path, wanted: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    for member in wanted:
        yield member, file_chunks(path)


def _zip_members(path: Path, wanted: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: info for info in archive.infolist()}
        for member in wanted:
            if member.path not in entries:
                raise DataCorruptError(f"{path} holds no {member.path}")
            info = entries[member.path]
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                raise DataCorruptError(f"{path}: {member.path} is not a regular file")
            with archive.open(info) as stream:
                yield member, _chunks(_unpacked(stream, member))


def _tar_members(path: Path, wanted: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    missing = {member.path: member for member in wanted}
    # A tar is read front to back; what is skipped is decompressed too, so the whole stream is bounded.
    with gzip.open(path) as packed:
        stream = _BoundedReader(_chunks(packed), _most_bytes(path), path)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for info in archive:
                member = missing.pop(info.name.removeprefix("./"), None)
                if member is None:
                    continue
                data = archive.extractfile(info) if info.type in (tarfile.REGTYPE, tarfile.AREGTYPE) else None
                if data is None:
                    raise DataCorruptError(f"{path}: {member.path} is not a regular file")
                yield member, _chunks(_unpacked(data, member))
                if not missing:
                    return
    raise DataCorruptError(f"{path} holds no {', '.join(missing)}")


def _unpacked(stream: IO[bytes], member: Member) -> _Readable:
    return gzip.open(stream) if member.path.endswith(".gz") else stream


def _chunks(stream: _Readable) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _most_bytes(path: Path) -> int:
    return path.stat().st_size * MOST_RATIO + SLACK_BYTES


def _bounded(chunks: Iterable[bytes], limit: int, path: Path) -> Iterator[bytes]:
    done = 0
    with _damage_named(path):
        for chunk in chunks:
            done += len(chunk)
            if done > limit:
                raise DataCorruptError(f"{path} unpacks to more than {limit} bytes, which no real copy does")
            yield chunk


class _BoundedReader(io.RawIOBase):
    """A file-like view of bounded chunks; tarfile's stream mode only reads forward."""

    def __init__(self, chunks: Iterable[bytes], limit: int, path: Path) -> None:
        self._chunks = _bounded(chunks, limit, path)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (chunk := next(self._chunks, b"")):
            self._rest += chunk
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece
