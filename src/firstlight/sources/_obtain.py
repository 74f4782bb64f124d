"""Obtaining: ask the places in order until one has the right bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from firstlight._errors import CacheError, DataError, DataMissingError
from firstlight.sources import _cache
from firstlight.sources._decode import decode
from firstlight.sources._events import Decoded, Found, Looking, OnEvent, Skipped, SourceEvent
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._places import Folder, Place, places, read_settings
from firstlight.sources._registry import find_member

__all__ = ["member_origin", "member_path"]


def member_path(dataset: str, member: str, *, on_event: Callable[[SourceEvent], None] | None = None) -> Path:
    """Path of a decoded, verified file in the cache; obtains it in the documented order if it is not there.

    When it is there and unchanged since it was verified, its bytes are not read again.

    Parameters
    ----------
    dataset
        Name of a data set, such as ``"mnist"``.
    member
        Decoded name of the file, such as ``"train-images-idx3-ubyte"``.
    on_event
        Is told what happens, always from the calling thread.

    Raises
    ------
    UnknownNameError
        There is no such data set or file.
    DataMissingError
        Nobody has it, and the network may not be asked.
    DataCorruptError
        Only wrong bytes were found.
    DownloadError
        Every place on the network failed.
    CacheError
        The cache cannot be written.
    """
    file, found = find_member(dataset, member)
    path = _cache.member_file(dataset, member)
    if _cache.fresh_stamp(path, found.sha256) is None:
        _obtain(file, found, on_event or _tell_nobody)
    return path


def member_origin(dataset: str, member: str) -> Origin:
    """Where the bytes of a cached member came from, with their SHA-256 and size. Obtains nothing.

    Raises
    ------
    DataMissingError
        The member is not in the cache.
    """
    _, found = find_member(dataset, member)
    stamp = _cache.fresh_stamp(_cache.member_file(dataset, member), found.sha256)
    if stamp is None:
        raise DataMissingError(f"{member} of {dataset} is not in the cache: call member_path first")
    return stamp.origin


def _tell_nobody(event: SourceEvent) -> None: ...


def _obtain(file: DataFile, member: Member, tell: OnEvent) -> None:
    path = _cache.member_file(file.dataset, member.name)
    with _cache.locked(file.dataset, tell) as folder:
        if _cache.fresh_stamp(path, member.sha256):
            return  # another process obtained it while we waited for the lock
        _cache.sweep(folder)
        settings = read_settings()
        reasons = []
        for place in places(file, member, settings, None):
            try:
                if origin := _take(place, file, member, tell):
                    tell(Found(file.dataset, member.name, origin.kind, origin.detail, str(path)))
                    return
            except CacheError:
                raise
            except DataError as error:
                reasons.append(str(error))
                tell(Skipped(file.dataset, file.name, place.kind, str(error)))
        raise DataMissingError(f"{member.name} of {file.dataset} was not found: {'; '.join(reasons)}")


def _take(place: Place, file: DataFile, member: Member, tell: OnEvent) -> Origin | None:
    """The member from one place; None when that place does not have it."""
    if isinstance(place, Folder):
        return _take_folder(place, file, member, tell)
    return None


def _take_folder(place: Folder, file: DataFile, member: Member, tell: OnEvent) -> Origin | None:
    if not place.path.is_file():
        return None
    tell(Looking(file.dataset, file.name, place.kind, str(place.path)))
    origin = Origin(place.kind, str(place.path))
    if place.is_decoded:
        return _cache.store(
            file.dataset, member, partial(_pour, _cache.file_chunks(place.path)), origin=origin
        )
    return _keep(place.path, file, (member,), origin, tell, is_trusted=False)[0]


def _keep(
    path: Path, file: DataFile, wanted: Iterable[Member], origin: Origin, tell: OnEvent, *, is_trusted: bool
) -> list[Origin]:
    kept = []
    for member, chunks in decode(path, file, wanted):
        started = monotonic()
        done = _cache.store(
            file.dataset, member, partial(_pour, chunks), origin=origin, is_trusted=is_trusted
        )
        tell(Decoded(file.dataset, member.name, done.size_bytes, monotonic() - started))
        kept.append(done)
    return kept


def _pour(chunks: Iterable[bytes], out: BinaryIO) -> None:
    for chunk in chunks:
        out.write(chunk)
