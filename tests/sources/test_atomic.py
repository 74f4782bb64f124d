"""Files that appear whole or not at all. By behaviour, on real files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from firstlight._errors import CacheError, DataCorruptError
from firstlight.sources import _atomic as atomic


def test_a_file_appears_whole_when_it_is_finished(tmp_path):
    with atomic.new_file(tmp_path / "deep" / "f") as out:
        out.write(b"half")
        assert not (tmp_path / "deep" / "f").exists()
        atomic.write_whole(out, b" and half", tmp_path)
    assert (tmp_path / "deep" / "f").read_bytes() == b"half and half"


def test_after_an_exception_the_old_file_is_as_it_was(tmp_path):
    (tmp_path / "f").write_bytes(b"old")

    def write_half():
        with atomic.new_file(tmp_path / "f") as out:
            out.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"old"


def test_two_writers_of_one_file_do_not_mix(tmp_path):
    with atomic.new_file(tmp_path / "f") as one, atomic.new_file(tmp_path / "f") as two:
        one.write(b"one")
        two.write(b"two, longer")
    assert (tmp_path / "f").read_bytes() == b"one"


def test_the_bytes_are_on_the_disk_before_they_get_their_name(tmp_path, monkeypatch):
    order = []
    real_fsync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), real_fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda a, b: (order.append("replace"), real_replace(a, b))[1])
    with atomic.new_file(tmp_path / "f") as out:
        out.write(b"x")
    atomic.move_whole(tmp_path / "f", tmp_path / "g")
    assert order == ["fsync", "replace", "fsync"] * 2


def test_a_file_that_takes_less_than_it_is_given_is_asked_again():
    class Slow:
        def __init__(self):
            self.taken = b""

        def write(self, piece):
            self.taken += bytes(piece[:3])
            return min(3, len(piece))

    slow = Slow()
    atomic.write_whole(slow, b"ten bytes!", Path("x"))
    assert slow.taken == b"ten bytes!"


def test_new_files_are_as_readable_as_umask_says(tmp_path):
    old = os.umask(0o022)
    try:
        with atomic.new_file(tmp_path / "f") as out:
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
def test_a_refusal_to_write_says_path_and_cure(number, cure):
    with (
        pytest.raises(CacheError, match=rf"Cannot write the cache at /some/where .*: .*{cure}"),
        atomic.explained(Path("/some/where")),
    ):
        raise OSError(number, os.strerror(number))


def test_our_own_errors_are_not_explained_twice():
    with pytest.raises(DataCorruptError, match=r"^wrong$"), atomic.explained(Path("x")):
        raise DataCorruptError("wrong")
