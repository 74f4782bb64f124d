"""Data sets by name, as far as their files go: published ones, parts of them, and imported data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight._errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from firstlight.sources import SourceEvent

__all__ = ["Check", "HeldFile", "Imported", "Published", "find_held"]

Tell = Callable[["SourceEvent"], None] | None


@dataclass(frozen=True)
class HeldFile:
    """A file that is here, with its hash and where it came from."""

    name: str
    path: Path
    size_bytes: int
    sha256: str
    origin: str


@dataclass(frozen=True)
class Check:
    """What reading a file again showed: ``ok``, ``damaged`` or ``missing``."""

    dataset: str
    name: str
    path: Path
    status: str
    reason: str


@dataclass(frozen=True)
class Published:
    """Files of the registry: all of a data set, or those that one of its parts is read from."""

    name: str
    dataset: str
    members: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the files lie in the cache."""
        from firstlight.sources import where

        return where(self.dataset)

    def get(self, on_event: Tell) -> list[HeldFile]:
        """Obtain what is not here yet, and list the files."""
        from firstlight.sources import member_path

        paths = [member_path(self.dataset, member, on_event=on_event) for member in self.members]
        return [self._held(member, path) for member, path in zip(self.members, paths, strict=True)]

    def check(self, on_event: Tell) -> list[Check]:
        """Hash every file again."""
        from firstlight.sources import verify

        checks = verify(self.dataset, on_event=on_event)
        return [
            Check(self.name, check.name, check.path, check.status, check.reason)
            for check in checks
            if check.name in self.members
        ]

    def check_removable(self) -> None:
        """Raise `UsageError` if only other data sets' files could be removed with these."""
        if self.name != self.dataset:
            raise UsageError(
                f"{self.name} is a part of {self.dataset}, which is removed whole: "
                f"firstlight data rm {self.dataset}"
            )

    def remove(self) -> int:
        """Take the files out of the cache; returns the bytes that became free."""
        from firstlight.sources import remove

        return remove(self.dataset)

    def _held(self, member: str, path: Path) -> HeldFile:
        from firstlight.sources import member_origin

        origin = member_origin(self.dataset, member)
        return HeldFile(member, path, origin.size_bytes, origin.sha256, f"{origin.kind}: {origin.detail}")


@dataclass(frozen=True)
class Imported:
    """Data of your own that was imported under a name."""

    name: str

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        from firstlight.datasets import imported_folder

        return imported_folder(self.name)

    def get(self, on_event: Tell) -> list[HeldFile]:  # noqa: ARG002  # nothing happens that could be told
        """List the files."""
        from firstlight.datasets import imported_files

        return [
            HeldFile(file.path.name, file.path, file.size_bytes, file.sha256, f"imported: {file.source}")
            for file in imported_files(self.name)
        ]

    def check(self, on_event: Tell) -> list[Check]:  # noqa: ARG002
        """Hash every file again."""
        from firstlight.datasets import imported_files

        return [
            Check(self.name, file.path.name, file.path, *file.check()) for file in imported_files(self.name)
        ]

    def check_removable(self) -> None:
        """Do nothing: imported data can always be removed."""

    def remove(self) -> int:
        """Take the files out of the cache; returns the bytes that became free."""
        from firstlight.datasets import remove_imported

        return remove_imported(self.name)


def find_held(name: str) -> Published | Imported:
    """Tell what files a name stands for; capitals, blanks, ``-`` and ``_`` do not matter.

    Raises
    ------
    UnknownNameError
        There is no data set of that name, published or imported; says the nearest.

    Examples
    --------
    >>> find_held("Fashion-MNIST").dataset
    'fashion-mnist'
    """
    from firstlight.sources import REGISTRY

    for dataset, files in REGISTRY.items():
        if _plain(dataset) == _plain(name):
            return Published(
                dataset, dataset, tuple(member.name for file in files for member in file.members)
            )
    from firstlight.datasets import dataset_members, imported_names, list_datasets

    if name in imported_names():
        return Imported(name)
    try:
        dataset, members = dataset_members(name)
    except UnknownNameError as error:
        known = [*REGISTRY, *(info.name for info in list_datasets()), *imported_names()]
        raise UnknownNameError("data set", name, set(known)) from error
    same = set(members) == {member.name for file in REGISTRY[dataset] for member in file.members}
    return Published(dataset if same else name, dataset, members)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter not in "-_ ")
