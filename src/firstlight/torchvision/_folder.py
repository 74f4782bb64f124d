"""The files in torchvision's folders: are they there, are they right, and putting them there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from firstlight._errors import CacheError, DataError, DataMissingError, DownloadError, FirstlightError
from firstlight.sources import REGISTRY, Member, member_origin, member_path

__all__ = ["DatasetNotFoundError", "DatasetUnreachableError", "RootFolder"]


class DatasetNotFoundError(DataMissingError, RuntimeError):
    """The files are not in the folder. A RuntimeError, as with torchvision."""


class DatasetUnreachableError(DownloadError, RuntimeError):
    """The files could not be had. A RuntimeError, as with torchvision."""


@dataclass(frozen=True)
class RootFolder:
    """A folder that holds decoded files of one data set.

    Parameters
    ----------
    path
        The folder; it need not exist.
    dataset
        The data set's name in the registry of files.
    """

    path: Path
    dataset: str

    def lacks(self, names: Iterable[str]) -> bool:
        """Whether any of the files is not there."""
        return not all((self.path / name).is_file() for name in names)

    def fault(self, name: str) -> str | None:
        """Say what is wrong with a file's bytes; None if they are right, as far as anyone knows."""
        path = self.path / name
        member = self._member(name)
        size_bytes = path.stat().st_size
        if member is not None and member.size_bytes not in (None, size_bytes):
            return f"{path} has {size_bytes:,} bytes where {member.size_bytes:,} are right"
        wanted = self._known_sha256(name)
        if wanted is None:
            return None
        with path.open("rb") as file:
            got = hashlib.file_digest(file, "sha256").hexdigest()
        return None if got == wanted else f"{path} has SHA-256 {got} where {wanted} is right"

    def require(self, needed: Iterable[str], read: Iterable[str], *, otherwise: str) -> None:
        """Raise `DatasetNotFoundError` with that text if files are not there, or those read not right."""
        if self.lacks(needed):
            raise DatasetNotFoundError(otherwise)
        for fault in filter(None, map(self.fault, read)):
            raise DatasetNotFoundError(f"{otherwise} ({fault})")

    def fill(self, names: Iterable[str]) -> None:
        """Put verified copies of the files there, each whole or not at all; right ones stay as they are.

        Raises
        ------
        DatasetUnreachableError
            No source has a file.
        CacheError
            The folder cannot be written.
        """
        for name in names:
            if not self.lacks([name]) and not self.fault(name):
                continue
            try:
                source = member_path(self.dataset, name)
            except FirstlightError as error:
                raise DatasetUnreachableError(f"Error downloading {name}:\n{error}") from error
            try:
                _copy_whole(source, self.path / name)
            except OSError as error:
                raise CacheError(
                    f"{name} cannot be written into {self.path}: {error.strerror or error}. "
                    "Choose another root, or make room there."
                ) from error

    def _known_sha256(self, name: str) -> str | None:
        """The registry's hash, else the one that was pinned when our cache verified the archive."""
        member = self._member(name)
        if member is None or member.sha256 is not None:
            return member.sha256 if member else None
        with contextlib.suppress(DataError):
            return member_origin(self.dataset, name).sha256
        return None

    def _member(self, name: str) -> Member | None:
        members = (member for file in REGISTRY[self.dataset] for member in file.members)
        return next((member for member in members if member.name == name), None)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy so that the target appears with all its bytes or not at all, also for others who write it now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as out, source.open("rb") as whole:
            shutil.copyfileobj(whole, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
