"""The server and its port. Kind: behaviour; a process of its own is started and ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from firstlight._errors import MissingExtraError, TargetError, UsageError
from firstlight.cli import app
from firstlight.studio import Studio, StudioServer
from firstlight.studio._serve import USUAL_PORT


def test_it_listens_on_this_machine_only(served: Any) -> None:
    assert served.server._socket.getsockname()[0] == "127.0.0.1"
    assert served.server.url == f"http://127.0.0.1:{served.port}/#token={served.studio.token}"
    assert len(served.studio.token) >= 32
    assert Studio().token != Studio().token


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} cannot be had: address already in use"):
            StudioServer(Studio(), port=port)
        shown = CliRunner().invoke(app, ["studio", "--no-browser", "--port", str(port), "--json"])
        assert shown.exit_code == 2
        assert "--port 0 for any free one" in json.loads(shown.stdout)["error"]["message"]
    with pytest.raises(UsageError, match="from 0 to 65535; got 70000"):
        StudioServer(Studio(), port=70000)


def test_where_the_usual_port_is_taken_another_one_is() -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(2):  # the second finds it taken, whoever had it first
            server = StudioServer(Studio())
            stack.callback(server.close)
        assert server.port not in (0, USUAL_PORT)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'firstlight\[studio\]'"):
        StudioServer(Studio(), port=0)


def test_what_cannot_be_shown_is_told_before_a_page_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))  # where there is no run at all
    with pytest.raises(UsageError, match="a run or a model, not both"):
        Studio(run="last", model="net.py:Net")
    broken = tmp_path / "net.py"
    broken.write_text("def net():\n    return 3\n")
    with pytest.raises(TargetError, match="returned a int; a torch module is needed"):
        Studio(model=f"{broken}:net").check()
    shown = CliRunner().invoke(app, ["studio", "--no-browser", "--run", "no-such-run", "--json"])
    assert shown.exit_code == 3
    assert " run" in json.loads(shown.stdout)["error"]["message"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to a process alone")
def test_the_command_prints_its_address_and_ends_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "firstlight", "studio", "--no-browser", "--port", "0", "--json"]
    environment = {**os.environ, "FIRSTLIGHT_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert told["url"].startswith(f"http://127.0.0.1:{told['port']}/#token=")
            with socket.create_connection(("127.0.0.1", told["port"]), timeout=5) as line:
                line.sendall(b"GET /draw HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert line.recv(1000).startswith(b"HTTP/1.1 200")
                started = time.monotonic()
                process.send_signal(signal.SIGINT)  # a client is still connected
                assert process.wait(timeout=10) == 0
            assert time.monotonic() - started < 3
        finally:
            process.kill()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
