"""uvicorn's HTTP with less patience: a client that does not end the head of a request is let go."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["impatient_protocol"]


def impatient_protocol(head_seconds: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol, with a limit to how long a head may take.

    uvicorn closes what is idle between two requests, but waits for ever for a first byte, or for the rest of
    a head ("slow loris"). Bodies are the guard's business.
    """

    class Impatient(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._deadline: asyncio.TimerHandle | None = None
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._is_in_head():
                self._wait()
            else:
                self._wait_no_more()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            super().connection_lost(exc)

        def _is_in_head(self) -> bool:
            return self.cycle is None or self.cycle.response_complete

        def _wait(self) -> None:
            if self._deadline is None:
                self._deadline = self.loop.call_later(head_seconds, self._give_up)

        def _wait_no_more(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self) -> None:
            self._deadline = None
            if self._is_in_head():
                self.transport.close()

    return Impatient
