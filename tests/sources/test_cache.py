"""The cache: stamps, atomic writes, the lock. By behaviour, on real files and with real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from firstlight._errors import CacheError, DataCorruptError
from firstlight.sources import Member, Origin, Waiting
from firstlight.sources import _cache as cache

ORIGIN = Origin("folder", "/usb/tiny-images.gz")


def fill_with(*pieces):
    return lambda out: [out.write(piece) for piece in pieces]


def stored(tiny, **options):
    member = tiny.file.members[0]
    return cache.store("tiny", member, fill_with(tiny.decoded), origin=ORIGIN, **options)


def test_members_lie_in_their_data_sets_folder(data_home):
    assert cache.member_file("mnist", "x") == data_home / "datasets" / "mnist" / "x"
    assert cache.member_file("mnist", "x") != cache.member_file("fashion-mnist", "x")


def test_a_stored_member_is_there_with_its_stamp(data_home, tiny, clean_parts):
    done = stored(tiny)
    path = cache.member_file("tiny", "tiny-images")
    assert path.read_bytes() == tiny.decoded
    assert done == replace(ORIGIN, sha256=tiny.file.members[0].sha256, size_bytes=len(tiny.decoded))
    assert cache.fresh_stamp(path).origin == done
    assert json.loads(path.with_name("tiny-images.json").read_text())["sha256"] == done.sha256


def test_pieces_of_any_kind_may_be_written(data_home, clean_parts):
    pieces = (b"ab", bytearray(b"cd"), memoryview(b"ef"))
    cache.store("tiny", Member("m"), fill_with(*pieces), origin=ORIGIN, is_trusted=True)
    assert cache.member_file("tiny", "m").read_bytes() == b"abcdef"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda data: data[:-1],
            "wrong bytes for tiny-images .299999 bytes instead of 300000.*expected SHA-256",
        ),
        (lambda data: data[:-1] + b"!", "wrong bytes for tiny-images: expected SHA-256 [0-9a-f]{64}, got"),
        (lambda data: data + b"!", "more than the 300000 bytes"),
    ],
    ids=["short", "changed", "long"],
)
def test_wrong_bytes_are_not_kept(data_home, tiny, clean_parts, change, message):
    with pytest.raises(DataCorruptError, match=message):
        cache.store("tiny", tiny.file.members[0], fill_with(change(tiny.decoded)), origin=ORIGIN)
    assert not cache.member_file("tiny", "tiny-images").exists()


def test_wrong_bytes_leave_the_right_ones_alone(data_home, tiny, clean_parts):
    stored(tiny)
    with pytest.raises(DataCorruptError, match="wrong bytes"):
        cache.store("tiny", tiny.file.members[0], fill_with(b"no"), origin=ORIGIN)
    assert cache.fresh_stamp(cache.member_file("tiny", "tiny-images")) is not None


def test_a_member_without_a_known_hash_needs_a_verified_archive(data_home, clean_parts):
    with pytest.raises(DataCorruptError, match="no SHA-256 of the decoded m is known"):
        cache.store("tiny", Member("m"), fill_with(b"x"), origin=ORIGIN)
    pinned = cache.store("tiny", Member("m"), fill_with(b"x"), origin=ORIGIN, is_trusted=True)
    assert cache.read_stamp(cache.member_file("tiny", "m")).sha256 == pinned.sha256 != ""


def test_an_exception_while_writing_leaves_nothing(data_home, tiny, clean_parts):
    def interrupted(out):
        out.write(tiny.decoded[:1000])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.store("tiny", tiny.file.members[0], interrupted, origin=ORIGIN)
    assert list(cache.dataset_folder("tiny").iterdir()) == []


@pytest.mark.parametrize("change", ["size", "time", "stamp", "registry", "gone"])
def test_a_stamp_is_stale_after_any_change(data_home, tiny, change):
    stored(tiny)
    path = cache.member_file("tiny", "tiny-images")
    assert cache.fresh_stamp(path, tiny.file.members[0].sha256) is not None
    status = path.stat()
    if change == "size":
        path.write_bytes(tiny.decoded[:-1])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "time":
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    elif change == "stamp":
        path.with_name("tiny-images.json").write_text('{"size_bytes": ')
    elif change == "gone":
        path.unlink()
    wanted = "0" * 64 if change == "registry" else tiny.file.members[0].sha256
    assert cache.fresh_stamp(path, wanted) is None


@pytest.mark.parametrize("text", ["[]", "{}", '{"size_bytes": 1, "more": 2}', "\x00", "null"])
def test_a_stamp_that_makes_no_sense_is_none(data_home, text):
    path = cache.member_file("tiny", "m")
    path.parent.mkdir(parents=True)
    path.with_name("m.json").write_text(text)
    assert cache.read_stamp(path) is None


def test_a_fresh_stamp_reads_no_data(data_home, tiny, monkeypatch):
    stored(tiny)
    path = cache.member_file("tiny", "tiny-images")
    opened = []
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, *a, **k: (opened.append(self.name), real(self, *a, **k))[1]
    )
    assert cache.fresh_stamp(path) is not None
    assert set(opened) <= {"tiny-images.json"}


def test_a_full_disk_leaves_nothing_half_written(data_home, clean_parts, python_env):
    # A limit on the size of files is met in write(2), as a full disk is, and anybody may set it.
    script = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from firstlight._errors import CacheError
from firstlight.sources import Member, Origin
from firstlight.sources import _cache
try:
    _cache.store("tiny", Member("m"), lambda out: [out.write(bytes(30_000)) for _ in range(10)],
                 origin=Origin("folder", "x"), is_trusted=True)
except CacheError as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=python_env()
    ).stdout
    assert f"Cannot write {data_home}" in said
    assert "ulimit -f" in said
    assert list(cache.dataset_folder("tiny").iterdir()) == []


def test_a_home_below_a_file_is_the_caches_fault(data_home, tiny):
    data_home.parent.mkdir(exist_ok=True)
    data_home.write_bytes(b"a file, not a folder")
    with pytest.raises(CacheError, match=r"part of that path is a file|a file lies where a folder must be"):
        stored(tiny)
    with pytest.raises(CacheError, match="FIRSTLIGHT_HOME"), cache.locked("tiny", print):
        pass


def test_a_read_only_home_is_the_caches_fault(data_home, python_env):
    data_home.mkdir()
    data_home.chmod(0o555)
    # Root may write everywhere, so the process becomes nobody first; everything is imported before that.
    script = """
import os, filelock
from firstlight._errors import CacheError
from firstlight.sources import Member, Origin
from firstlight.sources import _cache
if os.geteuid() == 0:
    os.setuid(65534)
try:
    _cache.store("tiny", Member("m"), print, origin=Origin("folder", "x"), is_trusted=True)
except CacheError as error:
    print(error)
try:
    with _cache.locked("tiny", print):
        pass
except CacheError as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=python_env()
    ).stdout
    assert said.count("you may not write there: set FIRSTLIGHT_HOME to a folder that you can write to") == 2
    assert list(data_home.iterdir()) == []


def test_sweeping_removes_what_killed_processes_left_and_nothing_else(data_home, tiny):
    stored(tiny)
    folder = cache.dataset_folder("tiny")
    (folder / ".part-12-tiny-images").write_bytes(b"half")
    (folder / ".part-34").mkdir()
    (folder / ".part-34" / "0-tiny-images.gz").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    cache.sweep(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "tiny-images", "tiny-images.json"]


def test_the_lock_lets_one_in_at_a_time(data_home):
    events, order = [], []

    def second():
        with cache.locked("tiny", events.append):
            order.append("second")

    with cache.locked("tiny", events.append):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.3)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
    assert [event.dataset for event in events if isinstance(event, Waiting)] == ["tiny"]


def test_a_file_system_that_cannot_lock_is_said(data_home, monkeypatch):
    def refuse(self, **options):
        raise NotImplementedError("flock")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with (
        pytest.raises(CacheError, match="cannot lock files: set FIRSTLIGHT_HOME"),
        cache.locked("tiny", print),
    ):
        pass


def test_data_sets_do_not_wait_for_each_other(data_home):
    with cache.locked("one", print), cache.locked("two", print) as folder:
        assert folder == cache.dataset_folder("two")


def test_a_killed_process_frees_its_lock(data_home, python_env):
    script = (
        "import time\nfrom firstlight.sources import _cache\n"
        "with _cache.locked('tiny', print):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=python_env()
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()
    with cache.locked("tiny", print) as folder:
        assert folder.is_dir()
