"""`StudioServer`: the studio on a port of this machine, and of no other."""

from __future__ import annotations

import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from firstlight._errors import MissingExtraError, UsageError
from firstlight.studio._studio import Studio

if TYPE_CHECKING:
    import uvicorn

__all__ = ["USUAL_PORT", "StudioServer"]

HOST = "127.0.0.1"
USUAL_PORT = 8421
WAITING = 2048  # connections that the system holds before we take them
IDLE_SECONDS = 75  # a page that is looked at keeps its connection
ENDING_SECONDS = 1  # for streams that are still open when Ctrl-C comes


class StudioServer:
    """Holds a port from the moment it is made; serves once `run` is called.

    Parameters
    ----------
    studio
        What is shown.
    port
        0 takes any free one; ``None`` 8421, or any free one where that is taken.
    head_seconds
        How long a client may take over the head of a request.
    **limits
        Of the guard: ``most_bytes``, ``body_seconds``.

    Raises
    ------
    UsageError
        The port is taken, is not ours to take, or no port.
    MissingExtraError
        Starlette or uvicorn is not installed.
    """

    def __init__(
        self, studio: Studio, *, port: int | None = None, head_seconds: float = 10.0, **limits: Any
    ) -> None:
        try:
            import starlette  # noqa: F401
            import uvicorn
        except ImportError as error:
            raise MissingExtraError("The studio", package="starlette and uvicorn", extra="studio") from error
        from firstlight.studio._app import make_app
        from firstlight.studio._protocol import impatient_protocol

        class Server(uvicorn.Server):
            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                studio.end()  # streams come to their end, so that nobody waits for them
                await super().shutdown(sockets)

        self.studio = studio
        self._server: uvicorn.Server = Server(
            uvicorn.Config(
                make_app(studio, **limits),
                log_level="error",
                access_log=False,
                server_header=False,
                ws="none",
                loop="asyncio",
                http=impatient_protocol(head_seconds),
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=ENDING_SECONDS,
            )
        )
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """The address with the token, behind #: it never leaves the browser that opens it."""
        return f"http://{HOST}:{self.port}/#token={self.studio.token}"

    def close(self) -> None:
        """Give the port back, where `run` was never called."""
        self._socket.close()

    def open_browser(self) -> None:
        """Open the page once the server answers, in a thread; where there is no browser, nothing happens."""

        def wait_and_open() -> None:
            import webbrowser

            while not self.is_ready:
                time.sleep(0.01)
            webbrowser.open(self.url)

        threading.Thread(target=wait_and_open, name="browser", daemon=True).start()

    def run(self) -> None:
        """Serve until Ctrl-C."""
        try:
            self._server.run(sockets=[self._socket])
        except KeyboardInterrupt:  # uvicorn has closed everything, then passes the signal on
            return

    async def serve(self) -> None:
        """Serve inside a loop that runs already, until `stop`."""
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Let `serve` or `run` come to an end; from any thread."""
        self._server.should_exit = True

    @property
    def is_ready(self) -> bool:
        """Whether it answers."""
        return self._server.started


def _bound(port: int | None) -> socket.socket:
    if port is not None and not 0 <= port <= 65535:
        raise UsageError(f"A port is a number from 0 to 65535; got {port}.")
    if port is None:
        try:
            return _listening(USUAL_PORT)
        except OSError:
            return _listening(0)
    try:
        return _listening(port)
    except OSError as error:
        raise UsageError(
            f"Port {port} cannot be had: {(error.strerror or str(error)).lower()}. Perhaps another studio "
            "runs there. Give another port, or --port 0 for any free one."
        ) from error


def _listening(port: int) -> socket.socket:
    # Its protocol is named, else asyncio would not switch Nagle's delay off, which costs 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there, REUSEADDR would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(WAITING)
    except OSError:
        listening.close()
        raise
    return listening
