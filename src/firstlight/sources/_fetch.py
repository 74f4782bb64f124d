"""One file from one URL: timeouts, retries, resumption, bounds, and the hash taken as the bytes pass."""

from __future__ import annotations

import contextlib
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from firstlight._atomic import explained, write_whole
from firstlight._errors import DataCorruptError
from firstlight.sources._cancelling import Cancelling
from firstlight.sources._events import Downloading, Retrying
from firstlight.sources._files import DataFile
from firstlight.sources._hashes import Fingerprint, check_file, fingerprint
from firstlight.sources._http import Patience, PlaceError, ask, redacted

if TYPE_CHECKING:
    import requests

__all__ = ["fetch"]

PIECE_BYTES = 1 << 17
TELL_SECONDS = 0.1
HEAD_BYTES = 16
HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<?xml")
UNKNOWN_SIZE_MOST_BYTES = 1 << 31


def fetch(
    url: str,
    part: Path,
    file: DataFile,
    *,
    tell: Callable[[Downloading | Retrying], None],
    cancelling: Cancelling | None = None,
    patience: Patience | None = None,
    verify: str | bool = True,
) -> str:
    """Download a published file to ``part`` and verify it; returns its SHA-256.

    What has come is kept when the connection breaks, and the rest is asked for (Range). Not more bytes than
    the file has are ever written.

    Parameters
    ----------
    url
        Where it is said to be.
    part
        Temporary path to write to; left to the caller to remove. What lies there already is taken as the
        start of the file, and only the rest is asked for.
    file
        What it must be.
    tell
        Is told of progress and retries, from this thread.
    cancelling
        To stop it from another thread.
    patience
        How long to wait for what.
    verify
        Certificate bundle, or True for the default one.

    Raises
    ------
    PlaceError
        It cannot be had from there.
    CancelledError
        ``cancelling`` said so.
    CacheError
        ``part`` cannot be written.
    """
    import requests

    with explained(part):
        out = part.open("r+b" if part.exists() else "wb", buffering=0)
    with out, requests.Session() as session:
        return _Download(
            session, out, part, url, file, tell, cancelling or Cancelling(), patience or Patience(), verify
        ).run()


@dataclass
class _Download:
    session: requests.Session
    out: FileIO
    part: Path
    url: str
    file: DataFile
    tell: Callable[[Downloading | Retrying], None]
    cancelling: Cancelling
    patience: Patience
    verify: str | bool
    got: Fingerprint = field(default_factory=Fingerprint)
    validator: str | None = None  # the ETag: a resumed answer must be of the same file
    was_resumed: bool = False
    started: float = field(default_factory=monotonic)
    told: float = 0.0

    def run(self) -> str:
        """Ask until the file is whole, or until several attempts in a row got no further."""
        self._take_start()
        fruitless, furthest = 0, self.got.size_bytes
        while True:
            try:
                if not self.is_complete:
                    self._attempt()
                return self._verified()
            except PlaceError as failure:
                fruitless = 1 if self.got.size_bytes > furthest else fruitless + 1
                furthest = max(furthest, self.got.size_bytes)
                if not failure.may_pass or fruitless >= self.patience.attempts:
                    raise
                self._wait(failure, fruitless)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to ask for; known only where the size is."""
        return self.got.size_bytes == self.file.size_bytes

    def _take_start(self) -> None:
        with explained(self.part):
            self.got = fingerprint(self.part, with_md5=self.file.sha256 is None)
            self.out.seek(0, os.SEEK_END)
        self.was_resumed = self.got.size_bytes > 0

    def _attempt(self) -> None:
        self.cancelling.check()
        response = ask(
            self.session, self.url, patience=self.patience, verify=self.verify, headers=self._headers()
        )
        with contextlib.closing(response):
            self.cancelling.watch(response)
            total = self._begin(response)
            pieces = self._pieces(response)
            if not self.got.size_bytes:
                self._write(self._judged_head(pieces, total))
                self._tell_progress(total, always=True)
            for piece in pieces:
                self._write(piece)
                self._tell_progress(total)
        self._tell_progress(total, always=True)
        if total is not None and self.got.size_bytes < total:
            raise PlaceError(f"cut off after {self.got.size_bytes} of {total} bytes", may_pass=True)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}  # the published bytes, not packed once more on the way
        if self.got.size_bytes:
            headers["Range"] = f"bytes={self.got.size_bytes}-"
            if self.validator:
                headers["If-Range"] = self.validator
        return headers

    def _begin(self, response: requests.Response) -> int | None:
        """Find out where the answer starts, and how many bytes the whole file has."""
        if response.status_code == 206:
            start, total = _content_range(response.headers.get("Content-Range", ""))
            if start == self.got.size_bytes:
                self.was_resumed = self.was_resumed or start > 0
                return total
            self._restart()
            raise PlaceError("resumes at another byte than was asked for", may_pass=True)
        had = self.got.size_bytes
        self._restart()
        if response.status_code == 416:
            raise PlaceError("cannot resume the download", may_pass=had > 0)
        etag = response.headers.get("ETag", "")
        self.validator = etag if etag.startswith('"') else None
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None

    def _restart(self) -> None:
        self.got = Fingerprint(with_md5=self.file.sha256 is None)
        self.was_resumed = False
        with explained(self.part):
            self.out.seek(0)
            self.out.truncate(0)

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        from urllib3.exceptions import HTTPError, ReadTimeoutError

        pace = _Pace(self.patience)
        while True:
            self.cancelling.check()
            try:
                # read1 returns what has come; read would wait for all it was asked for, drip by drip.
                piece = response.raw.read1(PIECE_BYTES, decode_content=False)
            except ReadTimeoutError as error:
                reason = f"stalled: no byte for {self.patience.read_seconds:g} s"
                raise PlaceError(reason, may_pass=True) from error
            except (HTTPError, OSError, ValueError) as error:
                self.cancelling.check()
                reason = f"connection broken after {self.got.size_bytes} bytes ({error})"
                raise PlaceError(reason, may_pass=True) from error
            if not piece:
                return
            pace.add(len(piece))
            yield piece

    def _judged_head(self, pieces: Iterator[bytes], total: int | None) -> bytes:
        head = b""
        while len(head) < HEAD_BYTES and (piece := next(pieces, b"")):
            head += piece
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(HTML_STARTS):
            raise PlaceError("got an HTML page, probably a captive portal or a moved file")
        if total is not None and self.file.size_bytes not in (None, total):
            raise PlaceError(f"offers {total} bytes, expected {self.file.size_bytes}")
        return head

    def _write(self, piece: bytes) -> None:
        most = self.file.size_bytes or UNKNOWN_SIZE_MOST_BYTES
        if self.got.size_bytes + len(piece) > most:
            raise PlaceError(f"sends more than the {most} bytes that the file has")
        self.got.update(piece)
        write_whole(self.out, piece, self.part)

    def _tell_progress(self, total: int | None, *, always: bool = False) -> None:
        now = monotonic()
        if always or now - self.told >= TELL_SECONDS:
            self.told = now
            known = self.file.size_bytes or total
            self.tell(
                Downloading(
                    self.file.dataset,
                    self.file.name,
                    redacted(self.url),
                    self.got.size_bytes,
                    known,
                    now - self.started,
                )
            )

    def _verified(self) -> str:
        try:
            check_file(self.file, self.got, place="it")
        except DataCorruptError as error:
            # Two answers glued together may be of two versions of the file; one whole answer cannot.
            may_pass = self.was_resumed
            self._restart()
            raise PlaceError(str(error), may_pass=may_pass) from error
        return self.got.sha256

    def _wait(self, failure: PlaceError, fruitless: int) -> None:
        patience = self.patience
        if failure.wait_seconds is None:
            backoff = min(patience.backoff_seconds * 2 ** (fruitless - 1), patience.most_backoff_seconds)
            wait = backoff * random.uniform(0.5, 1.0)  # jitter: many clients must not come back at once
        else:
            wait = failure.wait_seconds
            if wait > patience.most_retry_after_seconds:
                raise PlaceError(f"{failure.reason}; asks us to come back in {wait:.0f} s")
        self.tell(Retrying(self.file.dataset, self.file.name, redacted(self.url), failure.reason, wait))
        self.cancelling.sleep(wait)


class _Pace:
    """Notices a transfer that goes on, but so slowly that it will never end."""

    def __init__(self, patience: Patience) -> None:
        self._window, self._floor = patience.slow_window_seconds, patience.slow_bytes_per_second
        self._since, self._bytes = monotonic(), 0

    def add(self, n_bytes: int) -> None:
        self._bytes += n_bytes
        seconds = monotonic() - self._since
        if seconds < self._window:
            return
        rate = self._bytes / seconds
        if rate < self._floor:
            reason = f"too slow: {rate:.0f} bytes/s over {seconds:.0f} s, less than {self._floor:g} bytes/s"
            raise PlaceError(reason)
        self._since, self._bytes = monotonic(), 0


def _content_range(value: str) -> tuple[int | None, int | None]:
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", value.strip())
    if not found:
        return None, None
    return int(found[1]), None if found[2] == "*" else int(found[2])
