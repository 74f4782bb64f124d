"""What a file is, by its hash; its name does not matter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from firstlight._errors import DataCorruptError
from firstlight.sources._cache import file_chunks
from firstlight.sources._candidate import check_published, file_size
from firstlight.sources._decode import archive_kind, decode
from firstlight.sources._files import DataFile, Member
from firstlight.sources._registry import REGISTRY

__all__ = ["recognise"]


def recognise(path: Path) -> tuple[DataFile, tuple[Member, ...]] | None:
    """Say which registered file this is, and which members can be decoded from it; None when it is none.

    Only a file whose size or name fits is read. A loose member comes back as a file of its own name, so that
    `decode` takes it as it is.

    Raises
    ------
    DataCorruptError
        Size or name fit, the bytes do not.
    OSError
        The file cannot be read.
    """
    size_bytes = file_size(path)
    suspects = [file for file in _all_files() if size_bytes in _sizes(file) or path.name == file.name]
    if suspects:
        found = _by_hash(path, suspects) or _by_md5(path, suspects)
        if found is not None:
            return found
    if (repacked := _by_decoded_hash(path)) is not None:
        return repacked
    if suspects:
        names = ", ".join(sorted({f"{file.dataset}'s {file.name}" for file in suspects}))
        raise DataCorruptError(f"{path} has the size or the name of {names}, but other bytes")
    return None


def _all_files() -> Iterator[DataFile]:
    for files in REGISTRY.values():
        yield from files


def _sizes(file: DataFile) -> set[int]:
    sizes = {member.size_bytes for member in file.members if member.sha256 is not None}
    return {size for size in (file.size_bytes, *sizes) if size is not None}


def _by_hash(path: Path, suspects: list[DataFile]) -> tuple[DataFile, tuple[Member, ...]] | None:
    sha256 = _sha256(file_chunks(path))
    for file in suspects:
        if file.sha256 == sha256:
            return file, file.members
        for member in file.members:
            if member.sha256 == sha256:
                return replace(file, name=member.name), (member,)
    return None


def _by_md5(path: Path, suspects: list[DataFile]) -> tuple[DataFile, tuple[Member, ...]] | None:
    """Try the files whose authors give an MD5 only; they are known by name, for their size is not."""
    for file in suspects:
        if file.sha256 is None and file.name == path.name:
            check_published(path, file)
            return file, file.members
    return None


def _by_decoded_hash(path: Path) -> tuple[DataFile, tuple[Member, ...]] | None:
    """Look into a gzip that somebody packed anew, where the size at its end is that of a known member."""
    with path.open("rb") as packed:
        if packed.read(2) != b"\x1f\x8b" or packed.seek(0, 2) < 18:
            return None
        packed.seek(-4, 2)
        claimed_bytes = int.from_bytes(packed.read(4), "little")
    for file in _all_files():
        member = file.members[0]
        if (
            archive_kind(file.name) == "gzip"
            and member.sha256 is not None
            and member.size_bytes == claimed_bytes
            and any(_sha256(chunks) == member.sha256 for _, chunks in decode(path, file, (member,)))
        ):
            return file, (member,)
    return None


def _sha256(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
