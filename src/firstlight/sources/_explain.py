"""What to say when no place had the bytes: each place with its reason, then what cures it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstlight._errors import DataCorruptError, DataError, DataMissingError, DownloadError
from firstlight.sources._files import DataFile, Member
from firstlight.sources._places import Settings
from firstlight.sources._registry import data_files

__all__ = ["Tried", "failure"]


@dataclass(frozen=True)
class Tried:
    """A place that was asked in vain.

    Parameters
    ----------
    place
        Path or URL.
    reason
        What it said, or what was wrong with what it gave.
    is_remote
        Whether it is on the network.
    """

    place: str
    reason: str
    is_remote: bool = False


def failure(file: DataFile, member: Member, tried: Sequence[Tried], settings: Settings) -> DataError:
    """Make the error to raise: `DownloadError`, `DataCorruptError` or `DataMissingError`."""
    what = f"{member.name} of {file.dataset}"
    if any(attempt.is_remote for attempt in tried):
        kind: type[DataError] = DownloadError
        opening = f"Could not get {what}: every place failed."
    elif tried:
        kind, opening = DataCorruptError, f"Could not get {what}: what was found is not it."
    else:
        kind, opening = DataMissingError, f"{what} is not on this machine."
    if settings.is_offline:
        opening += " FIRSTLIGHT_OFFLINE is set, so nobody on the network was asked."
    lines = [opening, *(f"  {attempt.place}: {attempt.reason}" for attempt in tried)]
    return kind("\n".join([*lines, "Any one of these cures it:", *_cures(file, settings)]))


def _cures(file: DataFile, settings: Settings) -> Iterator[str]:
    if settings.is_offline:
        yield "  - unset FIRSTLIGHT_OFFLINE, and firstlight downloads it;"
    else:
        yield "  - try again later: hosts do come back;"
    size = f" ({file.size_bytes} bytes)" if file.size_bytes else ""
    target = settings.home / "datasets" / file.dataset / file.name
    yield f"  - put the published file {file.name}{size} at {target}"
    yield from (f"      it is at {url}" for url in file.urls[:1])
    yield f"      {_hash_words(file)};"
    others = [other.name for other in data_files(file.dataset) if other.name != file.name]
    if others:
        yield f"      (the other files of {file.dataset} are {', '.join(others)})"
    listed = ", ".join(map(str, settings.folders)) or "not set now"
    yield (
        f"  - set FIRSTLIGHT_DATA to a folder that holds {file.dataset}/{file.name}, "
        f"a USB stick for instance ({listed});"
    )
    mirrors = ", ".join(settings.mirrors) or "not set now"
    yield f"  - set FIRSTLIGHT_MIRROR to a URL under which {file.dataset}/{file.name} is served ({mirrors})."


def _hash_words(file: DataFile) -> str:
    return f"its SHA-256 is {file.sha256}" if file.sha256 else f"its MD5 is {file.md5}"
