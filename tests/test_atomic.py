"""Behaviour: a file appears whole or not at all, also when the disk or the process gives up."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from firstlight._atomic import new_file, write_file
from firstlight._errors import CacheError


def test_a_file_is_written_and_replaced_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.json"
    assert write_file(path, "old").read_text() == "old"
    assert write_file(path, b"new\xff").read_bytes() == b"new\xff"
    assert os.listdir(path.parent) == ["run.json"]


def test_after_an_error_the_old_file_is_there_and_no_other(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a", "old")

    def fail_while_writing() -> None:
        with new_file(path) as out:
            out.write(b"half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_while_writing()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_where_a_folder_must_be_is_explained(tmp_path: Path) -> None:
    write_file(tmp_path / "home", "a file")
    with pytest.raises(CacheError, match=r"Cannot write .*set FIRSTLIGHT_HOME to a folder"):
        write_file(tmp_path / "home" / "runs" / "run.json", "{}")


def test_a_full_disk_is_explained_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CacheError, match="the disk is full: free some space"):
        write_file(tmp_path / "a", "text")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="kills a process the POSIX way")
def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a", "old")
    program = (
        "import sys; from pathlib import Path; from firstlight._atomic import new_file\n"
        "with new_file(Path(sys.argv[1])) as out:\n"
        "    out.write(b'half'); print('writing', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGKILL)
    assert path.read_text() == "old"
