"""What the sources tell while they obtain files, drawn: a bar for each download, or a few plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from firstlight.cli._sizes import seconds_text, size_text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from firstlight.cli._output import Output
    from firstlight.sources import Downloading, Looking, OnEvent, Skipped, SourceEvent

__all__ = ["drawn_events"]

PLAIN_EVERY_SECONDS = 5.0


@contextmanager
def drawn_events(out: Output, *, tell_found: bool = True) -> Iterator[OnEvent]:
    """Yield the callback to give to anything that obtains data; says on stderr what happens meanwhile.

    On a terminal each download has a bar with size, rate and time left, which goes when the file is there.
    Elsewhere a download that lasts says so every five seconds. Files that are in the cache already, and
    places that simply do not have a file, are not worth a line.

    Parameters
    ----------
    out
        Where to say it.
    tell_found
        False leaves out where each file came from, for a command whose answer says so anyway.
    """
    from firstlight.cli._progress import drawing

    if out.is_live:
        with drawing(out.stderr, "bytes") as progress:
            yield _Teller(out, _Bars(progress), tell_found)
    else:
        yield _Teller(out, _Lines(out), tell_found)


class _Downloads(Protocol):
    """Shows the downloads that are under way."""

    def begin(self, event: Looking) -> None: ...
    def show(self, event: Downloading) -> None: ...
    def end(self, name: str, place: str | None = None) -> None: ...


class _Teller:
    """Turns events into words."""

    def __init__(self, out: Output, downloads: _Downloads, tell_found: bool) -> None:
        self._out = out
        self._tell_found = tell_found
        self._downloads = downloads
        self._told: set[tuple[str, str]] = set()

    def __call__(self, event: SourceEvent) -> None:
        from firstlight.sources import Downloading, Found, Looking, Retrying, Skipped, Verified, Waiting

        match event:
            case Looking() if _is_remote(event.place):
                self._downloads.begin(event)
            case Downloading():
                self._downloads.show(event)
            case Verified():
                self._downloads.end(event.name)
            case Skipped():
                self._downloads.end(event.name, event.place)
                self._say_once(event)
            case Retrying():
                wait = seconds_text(event.wait_seconds)
                place = short_place(event.place)
                self._out.say(f"{event.name}: {place}: {event.reason}; trying again in {wait}")
            case Waiting():
                self._out.say(f"Another process is obtaining {event.dataset}; waiting for it")
            case Found() if self._tell_found and event.kind != "cache":
                self._out.say(f"{event.dataset}: {event.name} from {event.kind}: {short_place(event.place)}")

    def _say_once(self, event: Skipped) -> None:
        """Tell that a place failed; a host that fails in the same way for every file is told of once."""
        told = short_place(event.place), event.reason
        if told not in self._told:
            self._told.add(told)
            self._out.say(f"{event.name}: {told[0]}: {event.reason}")


class _Bars:
    """A bar for each file and place, since a slow place is overtaken by the next one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def begin(self, event: Looking) -> None:
        self._task(event, total=None)

    def show(self, event: Downloading) -> None:
        task = self._task(event, total=event.total_bytes)
        self._progress.update(task, completed=event.done_bytes, total=event.total_bytes)

    def _task(self, event: Looking | Downloading, *, total: int | None) -> TaskID:
        key = event.name, event.place
        if key not in self._tasks:
            note = f"from {short_place(event.place)}"
            self._tasks[key] = self._progress.add_task(event.name, total=total, note=note)
        return self._tasks[key]

    def end(self, name: str, place: str | None = None) -> None:
        for key in [key for key in self._tasks if key[0] == name and place in (None, key[1])]:
            self._progress.remove_task(self._tasks.pop(key))


class _Lines:
    """Plain lines, few of them: one for each five seconds of a download."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._said: dict[tuple[str, str], float] = {}

    def begin(self, event: Looking) -> None:
        """Say nothing: it may be quick."""

    def show(self, event: Downloading) -> None:
        key = event.name, event.place
        if event.seconds - self._said.get(key, 0.0) >= PLAIN_EVERY_SECONDS:
            self._said[key] = event.seconds
            self._out.say(f"{event.name}: {_amount(event)} from {short_place(event.place)}")

    def end(self, name: str, place: str | None = None) -> None:
        """Say nothing: `Found` follows."""


def _amount(event: Downloading) -> str:
    total = f" of {size_text(event.total_bytes)}" if event.total_bytes else ""
    return f"{size_text(event.done_bytes)}{total}, {size_text(int(event.done_bytes / event.seconds))}/s"


def short_place(place: str) -> str:
    """Shorten a URL to its host, and leave a path as it is.

    Examples
    --------
    >>> short_place("https://example.org/a/b.gz"), short_place("/data/b.gz")
    ('example.org', '/data/b.gz')
    """
    return urlsplit(place).netloc if _is_remote(place) else place


def _is_remote(place: str) -> bool:
    return "://" in place
