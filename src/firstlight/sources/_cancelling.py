"""Stopping a download from another thread."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

__all__ = ["CancelledError", "Cancelling"]


class CancelledError(Exception):
    """Another mirror was faster."""


class Cancelling:
    """Lets one thread stop the download of another, even one that waits for bytes."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._response: requests.Response | None = None

    def watch(self, response: requests.Response) -> None:
        self._response = response
        self.check()

    def check(self) -> None:
        if self._stop.is_set():
            raise CancelledError

    def sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise CancelledError

    def cancel(self) -> None:
        self._stop.set()
        if self._response is not None:
            # Wakes a read that waits for bytes; a connection that is closed already needs no waking.
            with contextlib.suppress(Exception):
                self._response.raw.shutdown()
