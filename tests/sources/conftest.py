"""A tiny data set, and a real HTTP server on the loopback that misbehaves on request."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import trustme

import firstlight
from firstlight.sources import REGISTRY, DataFile, Member
from firstlight.sources._http import Patience

# What the tests wait for at most; every constant is far from the next, so that a slow machine changes nothing.
QUICK = Patience(
    connect_seconds=2.0,
    read_seconds=5.0,
    hedge_seconds=0.3,
    hedge_trial_seconds=0.3,
    silence_seconds=15.0,
    attempts=3,
    backoff_seconds=0.01,
    most_backoff_seconds=0.05,
    most_retry_after_seconds=2.0,
    slow_window_seconds=0.4,
    slow_bytes_per_second=1000.0,
)
NETWORK_NAMES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT"),
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"),
    *(
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_CONFIG_FILE",
    ),
    *("FIRSTLIGHT_OFFLINE", "FIRSTLIGHT_MIRROR", "XDG_CONFIG_HOME"),
)

Answer = Callable[["Handler", int], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each request as the route says; knows how to break the connection in several ways."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        mischief = self.server.mischief
        with mischief.guard:
            number = sum(path == self.path for path, _ in mischief.requests)
            mischief.requests.append((self.path, dict(self.headers)))
        mischief.routes.get(self.path, status(404))(self, number)
        self.close_connection = True

    def log_message(self, *args: object) -> None: ...

    def head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")  # which is what do_GET then does; else clients try it again
        self.end_headers()

    def reset(self) -> None:
        """Make the kernel send RST instead of FIN."""
        self.wfile.flush()
        time.sleep(0.05)  # let what was sent before arrive: a reset overtakes it
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    mischief: Mischief

    def handle_error(
        self, request: object, client_address: object
    ) -> None: ...  # clients break off, on purpose


@dataclass
class Mischief:
    """The server as the tests see it."""

    url: str
    routes: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)

    def serve(self, path: str, answer: Answer) -> str:
        self.routes[path] = answer
        return self.url + path

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.requests)


def whole(body: bytes, **headers: str) -> Answer:
    """The file as it should be; Range is honoured."""

    def answer(handler: Handler, number: int) -> None:
        asked = handler.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        extra = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if asked else {}
        handler.head(206 if asked else 200, {"Content-Length": str(len(body) - start), **extra, **headers})
        handler.wfile.write(body[start:])

    return answer


def status(code: int, body: bytes = b"no", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, number: (
        handler.head(code, {"Content-Length": str(len(body)), **named}),
        handler.wfile.write(body),
    )[0]


def broken_off(body: bytes, at: int, *, reset: bool = False) -> Answer:
    """Promise all of it, give ``at`` bytes, then close (or reset) the connection."""

    def answer(handler: Handler, number: int) -> None:
        handler.head(200, {"Content-Length": str(len(body)), "ETag": '"one"'})
        handler.wfile.write(body[:at])
        if reset:
            handler.reset()

    return answer


def stalled(body: bytes, at: int, released: threading.Event) -> Answer:
    """Give ``at`` bytes, then nothing more."""

    def answer(handler: Handler, number: int) -> None:
        handler.head(200, {"Content-Length": str(len(body))})
        handler.wfile.write(body[:at])
        handler.wfile.flush()
        released.wait(20)

    return answer


def dripping(body: bytes, released: threading.Event) -> Answer:
    """A byte every few hundredths of a second: no timeout between two bytes ever strikes."""

    def answer(handler: Handler, number: int) -> None:
        handler.head(200, {"Content-Length": str(len(body))})
        for i in range(len(body)):
            handler.wfile.write(body[i : i + 1])
            if released.wait(0.02):
                return

    return answer


def in_turn(*answers: Answer) -> Answer:
    """The first request gets the first answer, and so on; the last one repeats."""
    return lambda handler, number: answers[min(number, len(answers) - 1)](handler, number)


@dataclass
class Kit:
    """The server's tricks, for tests that cannot import this file."""

    whole = staticmethod(whole)
    status = staticmethod(status)
    broken_off = staticmethod(broken_off)
    stalled = staticmethod(stalled)
    dripping = staticmethod(dripping)
    in_turn = staticmethod(in_turn)
    quick = QUICK


@pytest.fixture
def python_env() -> Callable[[], dict[str, str]]:
    """The environment for a Python process that must find this firstlight, from whatever folder."""
    return lambda: {**os.environ, "PYTHONPATH": str(Path(firstlight.__file__).parents[1])}


@pytest.fixture
def kit() -> type[Kit]:
    return Kit


def _running(server: _Server, url: str) -> Iterator[Mischief]:
    server.mischief = Mischief(url)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.mischief
    server.mischief.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clean_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away proxies, certificates and index settings of the machine that the tests run on."""
    for name in NETWORK_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")


@pytest.fixture
def server(clean_network: None) -> Iterator[Mischief]:
    """Serve over http on the loopback."""
    running = _Server(("127.0.0.1", 0), Handler)
    yield from _running(running, f"http://127.0.0.1:{running.server_address[1]}")


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(clean_network: None, authority: trustme.CA) -> Iterator[Mischief]:
    """Serve over https, with a certificate that nobody knows unless told to."""
    running = _Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    yield from _running(running, f"https://127.0.0.1:{running.server_address[1]}")


@pytest.fixture
def trusted_bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """Path of a bundle with the authority that signed the server's certificate."""
    path = tmp_path / "bundle.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def refused_url() -> Iterator[str]:
    """A URL on a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else can get it meanwhile
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/file.gz"


@dataclass(frozen=True)
class Tiny:
    """A data set of one file of a few hundred kilobytes."""

    decoded: bytes
    packed: bytes
    file: DataFile

    def at(self, *urls: str) -> DataFile:
        return replace(self.file, urls=urls)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def tiny() -> Tiny:
    """Bytes that gzip cannot make smaller, so that positions in the packed file are easy to choose."""
    decoded = hashlib.shake_256(b"tiny").digest(300_000)
    packed = gzip.compress(decoded, mtime=0)
    member = Member("tiny-images", size_bytes=len(decoded), sha256=sha256(decoded))
    return Tiny(
        decoded, packed, DataFile("tiny", "tiny-images.gz", len(packed), sha256(packed), (), (member,))
    )


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put files into the registry for one test, and make waiting quick."""

    def put(*files: DataFile) -> None:
        datasets = {file.dataset: tuple(f for f in files if f.dataset == file.dataset) for file in files}
        known = {**REGISTRY, **datasets}
        monkeypatch.setattr("firstlight.sources._registry.REGISTRY", known)
        monkeypatch.setattr("firstlight.sources._holdings.REGISTRY", known)
        monkeypatch.setattr("firstlight.sources._take.PATIENCE", QUICK)

    return put


@pytest.fixture
def nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No copies of other libraries and no wheel: only what the test sets up."""
    monkeypatch.setattr("firstlight.sources._adopt.adoptable", lambda file, member: iter(()))
    monkeypatch.setattr("firstlight.sources._take.WHEELS", {})


@pytest.fixture
def clean_parts(data_home: Path) -> Iterator[None]:
    """After the test, nothing half-written is left in the cache."""
    yield
    assert [path.name for path in data_home.rglob(".part-*")] == []
    assert [path.name for path in data_home.rglob(".resume-*")] == []
