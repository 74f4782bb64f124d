"""The guard before every page: who may ask, how much, and what a browser may do with the answer.

================================  =====================================================  ===============
against                           how                                                    what is answered
================================  =====================================================  ===============
another site that points its      Host must be 127.0.0.1 or localhost                    421
name here (DNS rebinding)
another site's form or script     Origin must be ours, Sec-Fetch-Site the same origin    403
other people on this machine      /api/ needs the token from the printed address         401
a body that fills the memory      counted as it comes                                    413
a client that never ends          a body has half a minute                               408
text that turns into a script     Content-Security-Policy: nothing but our own files     -
================================  =====================================================  ===============

Plain ASGI, so that what is streamed stays a stream.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from starlette.exceptions import HTTPException

from firstlight.studio._answers import failure

__all__ = ["HEADERS", "MOST_BYTES", "Guard"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 32 * 2**20  # of a body; a camera's picture has 5 to 25 MB
BODY_SECONDS = 30.0
OWN_NAMES = ("127.0.0.1", "localhost")
TOKEN_HEADER = b"x-firstlight-token"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NEEDS_TOKEN = (
    "This page may not ask: its address lacks the key. Open the address that firstlight studio printed."
)


class Guard:
    """Lets through what our own pages ask, and nothing else.

    Parameters
    ----------
    app
        What is guarded.
    token
        What everything under ``/api/`` has to bring along.
    most_bytes, body_seconds
        How large a body may be, and how long it may take to come.
    """

    def __init__(
        self, app: App, token: str, *, most_bytes: int = MOST_BYTES, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._app, self._token = app, token.encode()
        self._most_bytes, self._body_seconds = most_bytes, body_seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, self._limited(receive), send)
            return
        status, message = refusal
        response = failure(message, status)
        response.headers["connection"] = "close"  # what else it sends is not read
        await response(scope, receive, send)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """Return why a request is refused, as a status and a message."""
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if host.rpartition(":")[0] not in OWN_NAMES and host not in OWN_NAMES:
            return 421, f"This server answers to 127.0.0.1 and localhost only, not to {host[:80]!r}."
        if not scope["path"].startswith("/api/"):
            allowed = scope["method"] in ("GET", "HEAD")
            return None if allowed else (405, "Pages are only read: GET.")
        origin = headers.get(b"origin", b"").decode("latin-1")
        site = headers.get(b"sec-fetch-site", b"same-origin")
        if (origin and origin != f"http://{host}") or site not in (b"same-origin", b"none"):
            return 403, "Only pages of this server may ask; this came from another site."
        if not secrets.compare_digest(headers.get(TOKEN_HEADER, b""), self._token):
            return 401, NEEDS_TOKEN
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._most_bytes:
            return 413, self._too_large()
        return None

    def _too_large(self) -> str:
        return f"That is more than {self._most_bytes / 2**20:g} MB. Send a smaller picture."

    def _limited(self, receive: Receive) -> Receive:
        """Count the bytes of the body as they come, and the seconds."""
        count, ends, is_whole = 0, time.monotonic() + self._body_seconds, False

        async def limited() -> Message:
            nonlocal count, is_whole
            if is_whole:  # waits for the client to go away, which may take as long as it likes
                return await receive()
            try:
                async with asyncio.timeout(max(0.0, ends - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "The request came too slowly.", {"connection": "close"}) from None
            count += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if count > self._most_bytes:
                raise HTTPException(413, self._too_large(), {"connection": "close"})
            return message

        return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
