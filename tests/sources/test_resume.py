"""What is left of a download that did not end. By behaviour, on real files."""

from __future__ import annotations

import os
import time

import pytest

from firstlight.sources import _cache as cache
from firstlight.sources import remove
from firstlight.sources._fetch import fetch
from firstlight.sources._resume import LEAST_BYTES, drop_start, keep_start, seed, start_file

LONG, LONGER = b"a" * LEAST_BYTES, b"b" * (LEAST_BYTES + 1)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".part-1").mkdir()
    return tmp_path


def test_the_longest_part_is_kept_under_the_files_name(folder):
    (folder / ".part-1" / "0-data-1.gz").write_bytes(LONG)
    (folder / ".part-1" / "1-data-1.gz").write_bytes(LONGER)
    keep_start(folder / ".part-1", folder)
    assert start_file(folder, "data-1.gz").read_bytes() == LONGER


def test_a_short_part_is_not_worth_it(folder):
    (folder / ".part-1" / "0-data.gz").write_bytes(LONG[:-1])
    keep_start(folder / ".part-1", folder)
    assert not start_file(folder, "data.gz").exists()


def test_a_longer_start_is_not_given_up_for_a_shorter_one(folder):
    start_file(folder, "data.gz").write_bytes(LONGER)
    (folder / ".part-1" / "0-data.gz").write_bytes(LONG)
    keep_start(folder / ".part-1", folder)
    assert start_file(folder, "data.gz").read_bytes() == LONGER


def test_a_new_part_begins_with_the_longest_start(folder):
    (folder / "a").write_bytes(LONG)
    (folder / "b").write_bytes(LONGER)
    seed(folder / "part", [folder / "a", folder / "b", folder / "missing"])
    assert (folder / "part").read_bytes() == LONGER
    assert (folder / "b").exists()


def test_without_a_start_there_is_no_part(folder):
    (folder / "a").write_bytes(LONG[:-1])
    seed(folder / "part", [folder / "a"])
    assert not (folder / "part").exists()


def test_starts_are_dropped_by_name_or_by_age(folder):
    for name in ("a", "b", "old"):
        start_file(folder, name).write_bytes(LONG)
    os.utime(start_file(folder, "old"), (1, 1))
    drop_start(folder, least_age_seconds=3600)
    assert sorted(path.name for path in folder.glob(".resume-*")) == [".resume-a", ".resume-b"]
    drop_start(folder, "a")
    assert [path.name for path in folder.glob(".resume-*")] == [".resume-b"]


def test_sweeping_keeps_a_start_for_a_week(data_home):
    left = cache.dataset_folder("mnist") / ".part-1"
    left.mkdir(parents=True)
    (left / "0-data.gz").write_bytes(LONG)
    cache.sweep(left.parent)
    assert [path.name for path in left.parent.iterdir()] == [".resume-data.gz"]
    week_ago = time.time() - 8 * 24 * 3600
    os.utime(start_file(left.parent, "data.gz"), (week_ago, week_ago))
    cache.sweep(left.parent)
    assert list(left.parent.iterdir()) == []


def test_removing_a_data_set_removes_its_starts(data_home):
    cache.dataset_folder("mnist").mkdir(parents=True)
    start_file(cache.dataset_folder("mnist"), "data.gz").write_bytes(LONG)
    remove("mnist")
    assert {path.name for path in cache.dataset_folder("mnist").iterdir()} <= {".lock"}


@pytest.fixture
def get(tmp_path, kit, tiny):
    part = tmp_path / "part"

    def run(url):
        return fetch(url, part, tiny.file, tell=lambda event: None, patience=kit.quick)

    run.part = part
    return run


def test_a_fetch_goes_on_from_a_start(get, server, kit, tiny):
    get.part.write_bytes(tiny.packed[:123_456])
    assert get(server.serve("/f", kit.whole(tiny.packed))) == tiny.file.sha256
    assert server.requests[0][1]["Range"] == "bytes=123456-"
    assert get.part.read_bytes() == tiny.packed


def test_a_start_that_is_the_whole_file_asks_nobody(get, server, kit, tiny):
    get.part.write_bytes(tiny.packed)
    assert get(server.serve("/f", kit.whole(tiny.packed))) == tiny.file.sha256
    assert server.requests == []


@pytest.mark.parametrize("extra", [-100_000, 0, 7])
def test_a_wrong_start_is_thrown_away(get, server, kit, tiny, extra):
    get.part.write_bytes(bytes(len(tiny.packed) + extra))
    assert get(server.serve("/f", kit.whole(tiny.packed))) == tiny.file.sha256
    assert get.part.read_bytes() == tiny.packed
