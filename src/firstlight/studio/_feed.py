"""`Feed`: what is told of a training, numbered, so that who comes late, or comes again, gets all of it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from firstlight.studio._answers import as_json

__all__ = ["Feed"]

QUIET_SECONDS = 15.0  # after which a client hears that we are still there, and we that it is


class Feed:
    """Messages as server-sent events: threads tell, any number of clients follow.

    Every message is kept until `begin` is called, so that a client that was away (a reload, a second tab)
    gets what it missed: its ``Last-Event-ID`` says what it had. A slow client costs nothing, since each reads
    where it has come to; none holds up who tells.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series = secrets.token_hex(4)  # another one for each training, and for each start of the studio
        self._told: list[bytes] = []
        self._wakers: set[Callable[[], None]] = set()
        self._is_closed = False

    def begin(self) -> None:
        """Forget what was told: something new begins."""
        with self._lock:
            self._series, self._told = secrets.token_hex(4), []

    def tell(self, kind: str, **fields: Any) -> None:
        """Tell everybody; from any thread."""
        with self._lock:
            number = f"{self._series}-{len(self._told)}"
            self._told.append(f"id: {number}\nevent: {kind}\ndata: {as_json(fields)}\n\n".encode())
        self._wake()

    def close(self) -> None:
        """Let everybody go who follows; from any thread."""
        self._is_closed = True
        self._wake()

    async def follow(self, last: str = "") -> AsyncIterator[bytes]:
        """Yield what was told after the message ``last``, then ``event: here``, then whatever comes.

        Parameters
        ----------
        last
            What the client had last; of an earlier series, or empty, it gets this series from its beginning.
        """
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(news.set)

        self._wakers.add(wake)
        try:
            chunk, last = self._since(last)
            yield chunk + b"event: here\ndata: {}\n\n"
            while not self._is_closed:
                news.clear()
                chunk, last = self._since(last)
                if not chunk:
                    chunk = await self._quiet(news)
                if chunk:
                    yield chunk
        finally:
            self._wakers.discard(wake)

    async def _quiet(self, news: asyncio.Event) -> bytes:
        """Wait for news; return a comment where none came for long."""
        if self._is_closed:
            return b""
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                await news.wait()
        except TimeoutError:
            return b": still here\n\n"
        return b""

    def _since(self, last: str) -> tuple[bytes, str]:
        """Return what came after a message, and the number of the last one."""
        with self._lock:
            series, _, number = last.rpartition("-")
            is_ours = series == self._series and number.isdecimal() and len(number) < 10
            chunk = b"".join(self._told[int(number) + 1 if is_ours else 0 :])
            return chunk, f"{self._series}-{len(self._told) - 1}" if self._told else ""

    def _wake(self) -> None:
        for wake in tuple(self._wakers):
            wake()
