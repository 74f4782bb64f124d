"""A studio that runs on a port of this machine, and a browser to look at it with."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

import firstlight as fl
from firstlight.studio import Studio, StudioServer


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])


class Running:
    """A studio that runs in a thread."""

    def __init__(self, server: StudioServer) -> None:
        self.server, self.studio, self.port = server, server.studio, server.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, name: str, state: str = "") -> str:
        """The address of a page, with the token."""
        return f"{self.url}/{name}#token={self.studio.token}{state and '&' + state}"

    def ask(
        self, path: str, body: bytes | None = None, *, method: str | None = None, **headers: str | None
    ) -> Answer:
        """Send one request as our own pages do; a header that is given replaces ours, None leaves it out."""
        given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        sent = {"x-firstlight-token": self.studio.token, **given}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(
                method or ("GET" if body is None else "POST"), path, body,
                {name: value for name, value in sent.items() if value is not None},
            )  # fmt: skip
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()


@contextmanager
def running(studio: Studio, **settings: Any) -> Iterator[Running]:
    server = StudioServer(studio, port=0, **settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        while not server.is_ready:
            time.sleep(0.005)
        yield Running(server)
    finally:
        server.stop()
        thread.join()


@pytest.fixture(scope="session")
def run_studio() -> Callable[..., Any]:
    """``with run_studio(Studio(...), **limits) as studio``."""
    return running


@pytest.fixture(scope="session")
def served() -> Iterator[Running]:
    """The studio as it comes, but for the training images: the first 2,000 of MNIST."""
    shown = Studio()
    train, test = fl.load("mnist")
    shown.once("images", lambda: (train[:2000], test[:200]))
    with running(shown) as studio:
        yield studio


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open an address and wait until it is ready; any request elsewhere or error of a script fails the test."""
    contexts, asked, broken, refused = [], [], [], []

    def open_page(address: str, **settings: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if is_error(said) else None)
        page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.refused = refused  # a test that provokes some expects them
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in asked), asked
    assert not broken


def is_error(said: Any) -> bool:
    """Whether a script said it; that an answer was a refusal, the browser says itself."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")
