"""`Candidate`: a copy that may be the right one, opened only when somebody wants its bytes."""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from firstlight._errors import DataCorruptError, DataError
from firstlight.sources._cache import file_chunks
from firstlight.sources._decode import decode
from firstlight.sources._files import DataFile, Member, Origin

__all__ = ["Candidate", "Stream", "check_published", "copies_in", "file_size", "user_home"]

# What the standard library and NumPy raise on damaged files; RuntimeError is a zip with a password.
DAMAGE = (EOFError, LookupError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)

Stream = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class Candidate:
    """A copy of a member that some other program left behind.

    Parameters
    ----------
    origin
        Which program's copy it is, and its path.
    stream
        Writes the decoded bytes into a file; `read` calls it.
    is_trusted
        Whether `read` compares the published file's hash before the first byte comes. Where it is False
        the bytes are worth nothing until their own hash was compared.
    """

    origin: Origin
    stream: Stream = field(repr=False)
    is_trusted: bool = False

    def read(self, out: BinaryIO) -> None:
        """Write the decoded bytes into an open binary file, never more than the member has.

        Raises
        ------
        DataCorruptError
            The copy is broken, or is something else.
        OSError
            The copy cannot be read, or ``out`` cannot be written.
        """
        try:
            self.stream(out)
        except DataError:
            raise
        except DAMAGE as error:
            raise DataCorruptError(f"{self.origin.detail} cannot be read: {error}") from error


def copies_in(folder: Path, kind: str, file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer what lies in a folder under the member's own name or the published file's.

    A loose member is offered only where its own hash is known. A published file is trusted by its own hash,
    except where only the member's is known to match (Debian packs the same bytes anew).
    """
    plain, published = folder / member.name, folder / file.name
    is_known = member.sha256 is not None
    if is_known and member.size_bytes in (None, file_size(plain)) and file_size(plain) is not None:
        as_plain = replace(file, name=member.name)
        yield Candidate(Origin(kind, str(plain.absolute())), partial(_stream, plain, as_plain, member))
    if file_size(published) is not None:
        stream = partial(_stream if is_known else _stream_checked, published, file, member)
        yield Candidate(Origin(kind, str(published.absolute())), stream, is_trusted=not is_known)


def _stream(path: Path, file: DataFile, member: Member, out: BinaryIO) -> None:
    for _, chunks in decode(path, file, (member,)):
        for chunk in chunks:
            out.write(chunk)


def _stream_checked(path: Path, file: DataFile, member: Member, out: BinaryIO) -> None:
    check_published(path, file)
    _stream(path, file, member, out)


def check_published(path: Path, file: DataFile) -> None:
    """Raise `DataCorruptError` unless the file at ``path`` is, byte for byte, the published one."""
    # MD5 finds damage, not forgery; it is looked at only where the authors give nothing else.
    algorithm, wanted = ("sha256", file.sha256) if file.sha256 else ("md5", file.md5)
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for chunk in file_chunks(path):
        digest.update(chunk)
    if digest.hexdigest() != wanted:
        raise DataCorruptError(
            f"{path} is not {file.dataset}'s {file.name}: expected {algorithm} {wanted}, "
            f"got {digest.hexdigest()}"
        )


def file_size(path: Path) -> int | None:
    """Size of a regular file; None where there is none or it may not be seen."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def user_home() -> Path:
    """The user's home folder; where there is none, as in some containers, a name that nothing has."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("~")
