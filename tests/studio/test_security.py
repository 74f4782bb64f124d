"""The guard. Kind: attack; a real server on loopback is asked what it has to refuse."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from firstlight.studio import Studio
from firstlight.studio._security import HEADERS

ASKED = "/api/draw/shown"


def test_what_our_own_page_asks_is_answered(served: Any) -> None:
    assert served.ask(ASKED, b"").status == 200
    own = {"origin": served.url, "sec_fetch_site": "same-origin"}
    assert served.ask(ASKED, b"", **own).status == 200
    assert served.ask(ASKED, b"", host="localhost:1234").status == 200, "a port that ssh forwards is another"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "", "[::1]:80", "localhost.evil:1"]
)
def test_another_host_is_refused(served: Any, host: str) -> None:
    for path in ("/draw", "/static/studio.js", ASKED):
        refused = served.ask(path, host=host)
        assert refused.status == 421
        assert "127.0.0.1 and localhost only" in refused.error


@pytest.mark.parametrize("token", [None, "", "wrong", "wrong" * 1000, "é"])
def test_without_the_token_nothing_is_answered(served: Any, token: str | None) -> None:
    refused = served.ask(ASKED, b"", x_firstlight_token=token and token.encode("latin-1"))
    assert refused.status == 401
    assert "Open the address that firstlight studio printed" in refused.error
    assert served.studio.token not in served.ask("/draw").body.decode(), "who may read the page may not ask"


@pytest.mark.parametrize(
    "sent",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:1"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}],
    ids=str,
)  # fmt: skip
def test_another_site_may_not_ask_even_with_the_token(served: Any, sent: dict[str, str]) -> None:
    refused = served.ask(ASKED, b"", **sent)
    assert refused.status == 403
    assert "Only pages of this server may ask" in refused.error


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_pages_are_only_read(served: Any, method: str) -> None:
    assert served.ask("/draw", b"", method=method).status == 405


@pytest.mark.parametrize(
    "path",
    ["/static/../_serve.py", "/static/%2e%2e/_serve.py", "/static/..%2f_serve.py", "/static//etc/passwd", "/static/%2fetc/passwd", "/static/..\\_serve.py", "/static/%00", "/draw/../../etc/passwd"],
)  # fmt: skip
def test_nothing_outside_the_folder_of_files_is_sent(served: Any, path: str) -> None:
    assert served.ask(path).status == 404


def test_every_answer_forbids_foreign_script(served: Any) -> None:
    for answer in (
        served.ask("/draw"),
        served.ask("/static/studio.css"),
        served.ask("/nowhere"),
        served.ask(ASKED, b"", origin="null"),
        served.ask(ASKED, b""),
    ):
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode()
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_body_that_is_too_large_is_refused(run_studio: Any) -> None:
    with run_studio(Studio(), most_bytes=100_000) as studio:
        assert studio.ask(ASKED, b"x" * 100_000).status == 200
        refused = studio.ask(ASKED, b"x" * 100_001)
        assert refused.status == 413
        assert "Send a smaller picture" in refused.error
        # Its length not said beforehand: it is counted as it comes, and not read to its end.
        with socket.create_connection(("127.0.0.1", studio.port), timeout=10) as line:
            line.sendall(_head(studio, "Transfer-Encoding: chunked"))
            with contextlib.suppress(ConnectionError):
                for _ in range(1000):
                    line.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
            assert b"413" in line.recv(1000).split(b"\r\n")[0]


def test_a_slow_client_is_let_go(run_studio: Any) -> None:
    with run_studio(Studio(), body_seconds=0.3, head_seconds=0.3) as studio:
        lines = [socket.create_connection(("127.0.0.1", studio.port), timeout=5) for _ in range(3)]
        started = time.monotonic()
        silent, half_a_head, half_a_body = lines
        half_a_head.sendall(b"GET /draw HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        half_a_body.sendall(_head(studio, "Content-Length: 1000") + b"x" * 10)
        assert silent.recv(1000) == b""
        assert half_a_head.recv(1000) == b""
        assert b"408" in half_a_body.recv(1000)
        assert time.monotonic() - started < 3
        assert studio.ask("/draw").status == 200
        for line in lines:
            line.close()


def test_who_asks_twice_slowly_is_let_go_too(run_studio: Any) -> None:
    with (
        run_studio(Studio(), head_seconds=0.3) as studio,
        socket.create_connection(("127.0.0.1", studio.port), timeout=5) as line,
    ):
        line.sendall(b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = b""
        while b'"Not Found"' not in answer:
            answer += line.recv(4000)
        time.sleep(0.5)  # what is idle between two requests is not slow
        line.sendall(b"GET /nowhere HTTP/1.1\r\n")
        assert line.recv(4000) == b""


def test_a_thousand_at_once_are_all_answered(served: Any) -> None:
    async def one() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(_head(served, "Content-Length: 0", "Connection: close"))
        first = (await reader.read()).split(b"\r\n")[0]
        writer.close()
        return first

    async def thousand() -> list[bytes]:
        return await asyncio.gather(*(one() for _ in range(1000)))

    assert served.ask(ASKED, b"").status == 200
    with ThreadPoolExecutor(1) as thread:  # in this one, a browser's loop may run
        assert set(thread.submit(asyncio.run, thousand()).result()) == {b"HTTP/1.1 200 OK"}


def _head(studio: Any, *more: str) -> bytes:
    lines = [f"POST {ASKED} HTTP/1.1", "Host: 127.0.0.1", f"X-Firstlight-Token: {studio.studio.token}", *more]
    return "\r\n".join([*lines, "", ""]).encode()
