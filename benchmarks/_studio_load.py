"""Clients that ask a studio over and over: a process of its own, so that they do not slow it down more.

Each of them keeps one connection, sends one image, waits for the answer, checks it, and sends the next.
``python -m benchmarks._studio_load PORT TOKEN CLIENTS SECONDS`` prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

__all__ = ["load"]

PIXELS, CLASSES = 784, 10


class Client(asyncio.Protocol):
    """One connection that is never without a question, until the time is over."""

    def __init__(self, head: bytes, ends: float, over: asyncio.Future[None]) -> None:
        self.head, self.ends, self.over = head, ends, over
        self.body = random.Random(id(self)).randbytes(PIXELS)
        self.took: list[float] = []
        self.errors: list[str] = []
        self.answer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first question."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Collect an answer, then ask anew."""
        self.answer += data
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found or (len(body) < 4 * CLASSES and head.startswith(b"HTTP/1.1 200")):
            return
        if not head.startswith(b"HTTP/1.1 200") or len(body) != 4 * CLASSES:
            self.errors.append(repr(self.answer[:200]))
        self.took.append(time.perf_counter() - self.sent)
        if time.perf_counter() < self.ends and not self.errors:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it is over."""
        if time.perf_counter() < self.ends and not self.errors:
            self.errors.append(f"closed: {exc}")
        if not self.over.done():
            self.over.set_result(None)

    def _ask(self) -> None:
        self.answer, self.sent = b"", time.perf_counter()
        self.transport.write(self.head + self.body)


async def load(port: int, token: str, clients: int, seconds: float) -> dict[str, object]:
    """Ask for some seconds; return how long each answer took, and the errors."""
    head = (
        f"POST /api/draw/probabilities HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Firstlight-Token: {token}\r\n"
        f"Content-Length: {PIXELS}\r\n\r\n"
    ).encode()
    loop, started = asyncio.get_running_loop(), time.perf_counter()
    overs = [loop.create_future() for _ in range(clients)]
    made = [
        await loop.create_connection(
            lambda over=over: Client(head, started + seconds, over), "127.0.0.1", port
        )
        for over in overs
    ]
    await asyncio.gather(*overs)
    took = sorted(one for _, client in made for one in client.took)
    return {
        "answers": len(took),
        "per_second": len(took) / seconds,
        "errors": [error for _, client in made for error in client.errors],
        "median_ms": 1000 * took[len(took) // 2],
        "p99_ms": 1000 * took[int(0.99 * (len(took) - 1))],
        "max_ms": 1000 * took[-1],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))))
