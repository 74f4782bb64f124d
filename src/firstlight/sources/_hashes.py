"""Whether bytes are the right ones: sizes and hashes against the registry."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight._errors import DataCorruptError
from firstlight.sources._files import DataFile, Member
from firstlight.sources._registry import known_bytes

if TYPE_CHECKING:
    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

__all__ = ["Fingerprint", "check_file", "check_member", "fingerprint"]

CHUNK_BYTES = 1 << 20


class Fingerprint:
    """Size and hashes of bytes, taken as they pass.

    Parameters
    ----------
    with_md5
        Whether to take the MD5 too; only files whose SHA-256 nobody published need it.
    """

    def __init__(self, *, with_md5: bool = False) -> None:
        self.size_bytes = 0
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False) if with_md5 else None

    def update(self, piece: Buffer) -> None:
        view = memoryview(piece).cast("B")
        self.size_bytes += len(view)
        self._sha256.update(view)
        if self._md5:
            self._md5.update(view)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def md5(self) -> str | None:
        return self._md5.hexdigest() if self._md5 else None


def fingerprint(path: Path, *, with_md5: bool = False) -> Fingerprint:
    """Read a file whole and take its fingerprint."""
    taken = Fingerprint(with_md5=with_md5)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            taken.update(chunk)
    return taken


def check_member(member: Member, got: Fingerprint, *, place: str) -> None:
    """Raise `DataCorruptError` unless size and SHA-256 are the member's, where those are known."""
    _check(member.name, got, place, size_bytes=member.size_bytes, sha256=member.sha256)


def check_file(file: DataFile, got: Fingerprint, *, place: str) -> None:
    """Raise `DataCorruptError` unless size and hash are the published file's.

    A file with neither SHA-256 nor MD5 is never right: nothing would tell it from a damaged one.
    """
    if file.sha256 is None and (file.md5 is None or file.md5 != got.md5):
        raise DataCorruptError(
            f"{place} has the wrong bytes for {file.name}: expected MD5 {file.md5}, got {got.md5}"
        )
    _check(file.name, got, place, size_bytes=file.size_bytes, sha256=file.sha256)


def _check(name: str, got: Fingerprint, place: str, *, size_bytes: int | None, sha256: str | None) -> None:
    if sha256 not in (None, got.sha256):
        known = known_bytes(got.sha256)
        sizes = (
            ""
            if size_bytes in (None, got.size_bytes)
            else f" ({got.size_bytes} bytes instead of {size_bytes})"
        )
        raise DataCorruptError(
            f"{place} has the wrong bytes for {name}{sizes}: expected SHA-256 {sha256}, got {got.sha256}"
            + (f"; this is {known}" if known else "")
        )
    if size_bytes not in (None, got.size_bytes):
        raise DataCorruptError(f"{place} has {got.size_bytes} bytes for {name}, expected {size_bytes}")
