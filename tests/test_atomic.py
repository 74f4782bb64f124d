"""Behaviour: a file appears whole or not at all, also when the disk or the process gives up."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from firstlight._atomic import explained, move_whole, new_file, write_file, write_whole
from firstlight._errors import CacheError, DataCorruptError


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


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    with new_file(tmp_path / "f") as one, new_file(tmp_path / "f") as two:
        one.write(b"one")
        two.write(b"two, longer")
    assert (tmp_path / "f").read_bytes() == b"one"


def test_the_bytes_are_on_the_disk_before_they_get_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), real_fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda a, b: (order.append("replace"), real_replace(a, b))[1])
    with new_file(tmp_path / "f") as out:
        out.write(b"x")
    move_whole(tmp_path / "f", tmp_path / "g")
    assert order == ["fsync", "replace", "fsync"] * 2


def test_a_file_that_takes_less_than_it_is_given_is_asked_again() -> None:
    class Slow:
        def __init__(self) -> None:
            self.taken = b""

        def write(self, piece: bytes) -> int:
            self.taken += bytes(piece[:3])
            return min(3, len(piece))

    slow = Slow()
    write_whole(slow, b"ten bytes!", Path("x"))
    assert slow.taken == b"ten bytes!"


def test_new_files_are_as_readable_as_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        with new_file(tmp_path / "f") as out:
            out.write(b"x")
    finally:
        os.umask(old)
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        *(
            (errno.ENOSPC, "the disk is full: free some space"),
            (errno.EROFS, "it is read-only: set FIRSTLIGHT_HOME"),
        ),
        *(
            (errno.EACCES, "you may not write there"),
            (errno.EDQUOT, "quota is used up"),
            (errno.EIO, "check that"),
        ),
    ],
)
def test_a_refusal_to_write_says_path_and_cure(number: int, cure: str) -> None:
    with (
        pytest.raises(CacheError, match=rf"Cannot write /some/where .*: .*{cure}"),
        explained(Path("/some/where")),
    ):
        raise OSError(number, os.strerror(number))


def test_our_own_errors_are_not_explained_twice() -> None:
    with pytest.raises(DataCorruptError, match=r"^wrong$"), explained(Path("x")):
        raise DataCorruptError("wrong")
