"""What happens while data is obtained, told as it happens; the command line draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = [
    "Decoded",
    "Downloading",
    "Found",
    "Looking",
    "OnEvent",
    "Retrying",
    "Skipped",
    "SourceEvent",
    "Verified",
    "Waiting",
    "tell_nobody",
]


@dataclass(frozen=True)
class Looking:
    """A place is being asked for the file."""

    dataset: str
    name: str
    kind: str
    place: str


@dataclass(frozen=True)
class Skipped:
    """A place did not have it, or not the right bytes; the next one is asked."""

    dataset: str
    name: str
    place: str
    reason: str


@dataclass(frozen=True)
class Waiting:
    """Another process is obtaining this data set; we wait for it."""

    dataset: str
    lock: str


@dataclass(frozen=True)
class Downloading:
    """Bytes have come. ``total_bytes`` is None when nobody said how many there are."""

    dataset: str
    name: str
    place: str
    done_bytes: int
    total_bytes: int | None
    seconds: float


@dataclass(frozen=True)
class Retrying:
    """A place failed in a way that may pass; it is asked again after ``wait_seconds``."""

    dataset: str
    name: str
    place: str
    reason: str
    wait_seconds: float


@dataclass(frozen=True)
class Verified:
    """The bytes have the hash that the registry says."""

    dataset: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Decoded:
    """A member was written to the cache."""

    dataset: str
    name: str
    size_bytes: int
    seconds: float


@dataclass(frozen=True)
class Found:
    """A member is in the cache now; ``kind`` and ``place`` say where its bytes came from."""

    dataset: str
    name: str
    kind: str
    place: str
    path: str


SourceEvent = Looking | Skipped | Waiting | Downloading | Retrying | Verified | Decoded | Found
OnEvent = Callable[[SourceEvent], None]


def tell_nobody(event: SourceEvent) -> None:
    """Take an event and do nothing with it."""
