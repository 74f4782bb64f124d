"""Copies that people already have: found where other programs leave them, or pointed at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from firstlight._errors import CacheError, DataCorruptError, DataMissingError, UsageError
from firstlight.sources._adopt_debian import debian_copies
from firstlight.sources._adopt_huggingface import huggingface_copies, parquet_copy
from firstlight.sources._adopt_keras import keras_copies, npz_copy
from firstlight.sources._adopt_sklearn import arff_copy, sklearn_copies
from firstlight.sources._adopt_torchvision import torchvision_copies
from firstlight.sources._cache import locked, member_file, store
from firstlight.sources._candidate import Candidate, file_size
from firstlight.sources._decode import decode
from firstlight.sources._events import Found, Looking, OnEvent, Skipped, SourceEvent
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._recognise import recognise
from firstlight.sources._registry import REGISTRY

__all__ = ["Adopted", "adopt", "adoptable"]

MOST_FILES = 20_000
NAMES_TOLD = 5
# Data sets that other programs keep as tables, which are taken apart and compared.
TABLE_DATASETS = ("mnist", "fashion-mnist")
T = TypeVar("T")


@dataclass(frozen=True)
class Adopted:
    """A member that `adopt` put into the cache.

    Parameters
    ----------
    path
        The file that it was read from; it is left as it is.
    dataset, member
        What it was recognised as.
    """

    path: Path
    dataset: str
    member: str


def adoptable(file: DataFile, member: Member) -> Iterator[Candidate]:
    """Offer the copies of a member that other programs left on this machine, likeliest first.

    Only names and sizes are looked at; nothing is opened until `Candidate.read`. That a copy is offered does
    not mean that it is right.

    Parameters
    ----------
    file, member
        What is wanted, from the registry.

    Yields
    ------
    Candidate
        torchvision's, Keras's, scikit-learn's, Hugging Face's, then Debian's.
    """
    for copies in (torchvision_copies, keras_copies, sklearn_copies, huggingface_copies, debian_copies):
        yield from copies(file, member)


def adopt(path: str | Path, *, on_event: Callable[[SourceEvent], None] | None = None) -> tuple[Adopted, ...]:
    """Take every known file under a path into the cache, whatever it is called.

    A file counts as known when its SHA-256, or that of what it decodes to, is in the registry. Keras's
    ``mnist.npz``, OpenML's ARFF and Hugging Face's Parquet tables are decoded and compared too. The files
    are copied, never moved or changed; folders that are links are not followed.

    Parameters
    ----------
    path
        A file, or a folder that is searched with all folders in it.
    on_event
        Is told of each file that is tried, taken or refused.

    Returns
    -------
    tuple of Adopted
        What is in the cache now, in the order of the paths.

    Raises
    ------
    DataMissingError
        There is no such path, or nothing under it was recognised.
    UsageError
        The folder has more than 20,000 files.
    CacheError
        The cache cannot be written.
    """
    root = Path(path).expanduser()
    if not root.exists():
        raise DataMissingError(f"There is nothing at {root} to adopt. Give a file or a folder that exists.")
    paths = list(islice(_files_under(root), MOST_FILES + 1))
    if len(paths) > MOST_FILES:
        raise UsageError(
            f"{root} has more than {MOST_FILES:,} files in it. Give the folder that has the data."
        )
    search = _Search(on_event or _tell_nobody)
    adopted = [done for found in paths for done in search.take(found)]
    if not adopted:
        raise DataMissingError(_nothing_recognised(root, paths, search.refusals))
    return tuple(adopted)


def _tell_nobody(event: SourceEvent) -> None: ...


def _files_under(root: Path) -> Iterator[Path]:
    if file_size(root) is not None:
        yield root
    for folder, folders, names in os.walk(root):
        folders.sort()
        yield from (found for name in sorted(names) if file_size(found := Path(folder, name)) is not None)


@dataclass
class _Search:
    """One call of `adopt`: whom to tell, and what was refused so far."""

    tell: OnEvent
    refusals: list[str] = field(default_factory=list)

    def take(self, path: Path) -> Iterator[Adopted]:
        """Take what a file holds, if it is known at all."""
        known = self._tried(path, "", path.name, partial(recognise, path))
        if known is not None:
            yield from self._take_known(path, *known)
        else:
            for dataset in TABLE_DATASETS:
                for files in _splits(dataset):
                    yield from self._take_table(path, files)

    def _take_known(self, path: Path, file: DataFile, members: tuple[Member, ...]) -> Iterator[Adopted]:
        self.tell(Looking(file.dataset, file.name, "folder", str(path)))
        origin = Origin("folder", str(path.absolute()))
        for member, chunks in decode(path, file, members):
            with locked(file.dataset, self.tell):
                done = store(file.dataset, member, partial(_pour, chunks), origin=origin, is_trusted=True)
            yield self._found(path, file, member, done)

    def _take_table(self, path: Path, files: list[DataFile]) -> Iterator[Adopted]:
        """Take one split from a table, labels first: when they are wrong, the pictures are not looked at."""
        for file in files:
            (member,) = file.members
            for candidate in _tables(path, file, member):
                self.tell(Looking(file.dataset, file.name, candidate.origin.kind, str(path)))
                with locked(file.dataset, self.tell):
                    fill = partial(store, file.dataset, member, candidate.read, origin=candidate.origin)
                    done = self._tried(path, file.dataset, file.name, fill)
                if done is None:
                    return
                yield self._found(path, file, member, done)

    def _tried(self, path: Path, dataset: str, name: str, action: Callable[[], T]) -> T | None:
        """Do it; where the bytes are wrong or cannot be read, note why and go on."""
        try:
            return action()
        except CacheError:
            raise
        except (DataCorruptError, OSError) as error:
            self.refusals.append(str(error))
            self.tell(Skipped(dataset, name, str(path), str(error)))
            return None

    def _found(self, path: Path, file: DataFile, member: Member, origin: Origin) -> Adopted:
        place = str(member_file(file.dataset, member.name))
        self.tell(Found(file.dataset, member.name, origin.kind, origin.detail, place))
        return Adopted(path, file.dataset, member.name)


def _splits(dataset: str) -> Iterator[list[DataFile]]:
    """The files of train, then those of test; labels before images, because they are so much smaller."""
    files = sorted(REGISTRY[dataset], key=lambda file: file.members[0].size_bytes or 0)
    for start in ("train", "t10k"):
        yield [file for file in files if file.name.startswith(start)]


def _tables(path: Path, file: DataFile, member: Member) -> Iterator[Candidate]:
    if path.suffix == ".npz":
        yield from npz_copy(path, file, member)
    elif path.suffix == ".parquet":
        yield from parquet_copy([path], file, member)
    elif path.name.endswith(".arff.gz"):
        yield from arff_copy(path, file, member)


def _pour(chunks: Iterable[bytes], out: BinaryIO) -> None:
    for chunk in chunks:
        out.write(chunk)


def _nothing_recognised(root: Path, paths: list[Path], refusals: list[str]) -> str:
    names = ", ".join(path.name for path in paths[:NAMES_TOLD]) + (", ..." if len(paths) > NAMES_TOLD else "")
    looked = f"Looked at {len(paths):,} file(s): {names}." if paths else "There is no file in it."
    refused = "".join(f"\n  {refusal}" for refusal in refusals[:NAMES_TOLD])
    return (
        f"Nothing at {root} is a file of a known data set. {looked}{refused}\n"
        f"Known are, by their hash and under any name, the published and the decoded files of "
        f"{', '.join(REGISTRY)}; Keras's mnist.npz, OpenML's mnist_784.arff.gz and Hugging Face's "
        "Parquet tables of mnist and fashion-mnist. Your own pictures: firstlight data import."
    )
