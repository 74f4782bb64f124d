"""One file on several mirrors: the next one starts when no byte comes, and the first verified one wins."""

from __future__ import annotations

import contextlib
import queue
import secrets
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from firstlight._atomic import TEMPORARY, explained
from firstlight.sources._cancelling import CancelledError, Cancelling
from firstlight.sources._events import Downloading, Looking, OnEvent, Retrying, Skipped, Verified
from firstlight.sources._fetch import fetch
from firstlight.sources._files import DataFile
from firstlight.sources._http import Patience, PlaceError, redacted
from firstlight.sources._resume import drop_start, keep_start, seed, start_file

__all__ = ["Fetched", "PlacesError", "fetched"]


@dataclass(frozen=True)
class Fetched:
    """A verified published file, in a temporary place."""

    path: Path
    url: str
    sha256: str


class PlacesError(Exception):
    """No mirror had it. Never leaves this package: it becomes a `DownloadError`.

    Parameters
    ----------
    reasons
        Pairs of place and reason, in the order in which the places failed.
    """

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {reason}" for place, reason in reasons))
        self.reasons = tuple(reasons)


@contextlib.contextmanager
def fetched(
    file: DataFile,
    urls: Sequence[str],
    folder: Path,
    *,
    kind: str,
    tell: OnEvent,
    patience: Patience | None = None,
    verify: str | bool = True,
) -> Iterator[Fetched]:
    """Download a file from whichever URL is first to give all of it, and remove it again afterwards.

    A further URL is started when no byte came from the others for ``patience.hedge_seconds``, when bytes come
    so slowly that it would take minutes, or at once when one of them fails or has to wait. It goes on from
    what has come so far, also from what is left of an earlier download that was cut off. The losers are
    stopped.

    Parameters
    ----------
    file
        What it must be.
    urls
        Where it is said to be, best first.
    folder
        Folder for temporary files; the file is moved from there, or it is gone when the context ends.
    kind
        What these places are, for `Looking`.
    tell
        Is told what happens, from the calling thread.
    patience
        How long to wait for what.
    verify
        Certificate bundle, or True for the default one.

    Raises
    ------
    PlacesError
        No URL gave it.
    CacheError
        The temporary file cannot be written.
    """
    parts = folder / f"{TEMPORARY}{secrets.token_hex(8)}"
    with explained(parts):
        parts.mkdir(parents=True)
    race = _Race(file, tuple(urls), parts, kind, tell, patience or Patience(), verify)
    try:
        got = race.run()
        drop_start(folder, file.name)
        yield got
    finally:
        race.stop()
        if race.keeps_start:
            keep_start(parts, folder)
        # On Windows a loser may still hold its file for a moment; the next sweep takes what is left.
        shutil.rmtree(parts, ignore_errors=True)


@dataclass(eq=False)
class _Runner:
    """One mirror's download in a thread of its own."""

    url: str
    part: Path
    started: float = field(default_factory=monotonic)
    heard: float = field(default_factory=monotonic)
    first_bytes: int | None = None  # what it went on from, which it did not have to ask for
    done_bytes: int = 0
    cancelling: Cancelling = field(default_factory=Cancelling)
    thread: threading.Thread | None = None


_News = Downloading | Retrying | Fetched | Exception


@dataclass
class _Race:
    file: DataFile
    waiting: tuple[str, ...]
    parts: Path
    kind: str
    tell: OnEvent
    patience: Patience
    verify: str | bool
    running: list[_Runner] = field(default_factory=list)
    stopped: list[_Runner] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    news: queue.SimpleQueue[tuple[_Runner, _News]] = field(default_factory=queue.SimpleQueue)
    last_byte: float = field(default_factory=monotonic)
    keeps_start: bool = True  # whether what has come is worth keeping when the race ends

    def run(self) -> Fetched:
        """Wait for news and act on them, until one mirror is through or all have failed."""
        self._start_next()
        while self.running or self.waiting:
            try:
                runner, news = self.news.get(timeout=self._seconds_to_wait())
            except queue.Empty:
                self._hurry()
                continue
            if runner not in self.running:
                continue  # given up before
            if isinstance(news, Fetched):
                self.keeps_start = False
                self.tell(Verified(self.file.dataset, self.file.name, news.sha256))
                return news
            self._hear(runner, news)
        raise PlacesError(self.reasons)

    def stop(self) -> None:
        for runner in (*self.running, *self.stopped):
            runner.cancelling.cancel()
        for runner in (*self.running, *self.stopped):
            if runner.thread is not None:
                runner.thread.join(timeout=0.2)

    def _start_next(self) -> None:
        if not self.waiting:
            return
        url, *rest = self.waiting
        self.waiting = tuple(rest)
        runner = _Runner(url, self.parts / f"{len(self.running) + len(self.stopped)}-{self.file.name}")
        others = (other.part for other in (*self.running, *self.stopped))
        seed(runner.part, (*others, start_file(self.parts.parent, self.file.name)))
        self.running.append(runner)
        self.last_byte = monotonic()
        self.tell(Looking(self.file.dataset, self.file.name, self.kind, redacted(url)))
        # A daemon, because nothing can interrupt a name look-up: the process must be able to end.
        runner.thread = threading.Thread(target=self._work, args=(runner,), daemon=True)
        runner.thread.start()

    def _work(self, runner: _Runner) -> None:
        try:
            sha256 = fetch(
                runner.url,
                runner.part,
                self.file,
                tell=lambda event: self.news.put((runner, event)),
                cancelling=runner.cancelling,
                patience=self.patience,
                verify=self.verify,
            )
            self.news.put((runner, Fetched(runner.part, redacted(runner.url), sha256)))
        except CancelledError:
            pass
        except Exception as error:  # whatever it was, the waiting thread has to know
            self.news.put((runner, error))

    def _hear(self, runner: _Runner, news: Downloading | Retrying | Exception) -> None:
        runner.heard = monotonic()
        match news:
            case Downloading():
                if news.done_bytes > runner.done_bytes:
                    self.last_byte = runner.heard
                runner.done_bytes = news.done_bytes
                if runner.first_bytes is None:
                    runner.first_bytes = news.done_bytes
                if runner.done_bytes >= max(other.done_bytes for other in self.running):
                    self.tell(news)
                    if self._is_crawling(runner, news.total_bytes):
                        self._start_next()
            case Retrying():
                runner.heard += news.wait_seconds
                self.tell(news)
                self._start_next()
            case PlaceError():
                self._give_up(runner, news.reason)
            case _:
                self.keeps_start = False  # the disk is full, or the like
                raise news

    def _is_crawling(self, runner: _Runner, total_bytes: int | None) -> bool:
        """Whether bytes do come, but so slowly that another mirror is worth a try."""
        seconds = runner.heard - max(other.started for other in self.running)
        if total_bytes is None or seconds < self.patience.hedge_trial_seconds:
            return False
        rate = (runner.done_bytes - (runner.first_bytes or 0)) / (runner.heard - runner.started)
        remaining_seconds = (total_bytes - runner.done_bytes) / max(rate, 1.0)
        return (
            rate < self.patience.hedge_bytes_per_second
            and remaining_seconds > self.patience.hedge_remaining_seconds
        )

    def _give_up(self, runner: _Runner, reason: str) -> None:
        self.running.remove(runner)
        self.stopped.append(runner)
        self.reasons.append((redacted(runner.url), reason))
        self.tell(Skipped(self.file.dataset, self.file.name, redacted(runner.url), reason))
        self._start_next()

    def _seconds_to_wait(self) -> float:
        until_hedge = self.last_byte + self.patience.hedge_seconds if self.waiting else float("inf")
        until_silent = min(r.heard + self.patience.silence_seconds for r in self.running)
        return max(0.01, min(until_hedge, until_silent) - monotonic())

    def _hurry(self) -> None:
        now = monotonic()
        if now >= self.last_byte + self.patience.hedge_seconds:
            self._start_next()
        for runner in [r for r in self.running if now >= r.heard + self.patience.silence_seconds]:
            runner.cancelling.cancel()
            self._give_up(runner, f"no sign of life for {self.patience.silence_seconds:g} s")
