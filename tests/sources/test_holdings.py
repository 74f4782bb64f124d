"""Getting, listing, verifying and removing what the cache holds. By behaviour, on real files."""

from __future__ import annotations

import gzip
import hashlib
import os
from dataclasses import replace

import pytest

from firstlight._errors import CacheError, DownloadError, UnknownNameError
from firstlight.sources import DataFile, Member, Verified, cached, get, member_path, remove, verify, where

pytestmark = pytest.mark.usefixtures("clean_parts", "nothing_else")


@pytest.fixture
def pair(data_home, server, kit, tiny, register):
    """A data set of two files: the hash of one decoded member is known, of the other it is not."""
    packed = gzip.compress(b"labels")
    labels = DataFile(
        "tiny",
        "tiny-labels.gz",
        len(packed),
        hashlib.sha256(packed).hexdigest(),
        (server.serve("/labels.gz", kit.whole(packed)),),
        (Member("tiny-labels"),),
    )
    register(tiny.at(server.serve("/images.gz", kit.whole(tiny.packed))), labels)
    return server


def statuses(checks):
    return {check.name: check.status for check in checks}


def test_where_is_the_folder_even_before_anything_is_there(data_home):
    assert where("mnist") == data_home / "datasets" / "mnist"
    assert not data_home.exists()


@pytest.mark.parametrize("function", [where, get, cached, verify, remove])
def test_unknown_data_sets_name_the_nearest(data_home, function):
    with pytest.raises(UnknownNameError, match="Did you mean 'kmnist'"):
        function("kmnits")


def test_get_brings_every_member(pair, tiny):
    paths = get("tiny")
    assert [path.name for path in paths] == ["tiny-images", "tiny-labels"]
    assert [path.read_bytes() for path in paths] == [tiny.decoded, b"labels"]


def test_get_tells_what_happens_and_raises_what_goes_wrong(pair, kit):
    pair.serve("/labels.gz", kit.status(404))
    events = []
    with pytest.raises(DownloadError, match=r"tiny-labels of tiny.*every place failed"):
        get("tiny", on_event=events.append)
    assert Verified in {type(event) for event in events}
    assert statuses(verify("tiny")) == {"tiny-images": "ok", "tiny-labels": "missing"}


def test_cached_lists_what_is_there_with_size_and_origin(pair, tiny):
    assert cached("tiny") == ()
    member_path("tiny", "tiny-images")
    (one,) = cached("tiny")
    assert (one.dataset, one.name, one.size_bytes) == ("tiny", "tiny-images", len(tiny.decoded))
    assert one.origin.kind == "official"
    get("tiny")
    assert [found.name for found in cached() if found.dataset == "tiny"] == ["tiny-images", "tiny-labels"]


def test_cached_shows_a_changed_file_without_an_origin(pair):
    member_path("tiny", "tiny-images").write_bytes(b"oops")
    assert [(found.size_bytes, found.origin) for found in cached("tiny")] == [(4, None)]


def test_verify_reads_everything_and_tells_it(pair):
    get("tiny")
    events = []
    checks = verify("tiny", on_event=events.append)
    assert all(check.is_ok and check.sha256 == check.expected_sha256 for check in checks)
    assert [event.name for event in events] == ["tiny-images", "tiny-labels"]


@pytest.mark.parametrize("name", ["tiny-images", "tiny-labels"])
def test_verify_finds_damage_that_size_and_time_do_not_show(pair, name):
    get("tiny")
    path = where("tiny") / name
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    (bad,) = (check for check in verify("tiny") if not check.is_ok)
    assert (bad.name, bad.status, bad.sha256) == (name, "damaged", hashlib.sha256(data).hexdigest())
    assert "expected SHA-256" in bad.reason


def test_verify_says_what_is_missing_and_what_nothing_is_known_about(pair):
    get("tiny")
    (where("tiny") / "tiny-images").unlink()
    (where("tiny") / "tiny-labels.json").unlink()
    missing, unknown = verify("tiny")
    assert (missing.status, missing.sha256) == ("missing", "")
    assert (unknown.status, unknown.reason) == ("damaged", "nothing is known to compare it with")


def test_verify_changes_nothing(pair):
    get("tiny")
    (where("tiny") / "tiny-images").write_bytes(b"oops")
    before = {path.name: path.stat().st_mtime_ns for path in where("tiny").iterdir()}
    verify("tiny")
    assert {path.name: path.stat().st_mtime_ns for path in where("tiny").iterdir()} == before


def test_remove_frees_what_it_says_and_leaves_what_is_not_ours(pair, tiny):
    get("tiny")
    (where("tiny") / "notes.txt").write_text("mine")
    (where("tiny") / ".part-1-tiny-images").write_bytes(b"half")
    ours = [p for p in where("tiny").iterdir() if p.name not in ("notes.txt", ".lock", ".part-1-tiny-images")]
    size_bytes = sum(path.stat().st_size for path in ours)
    assert remove("tiny") == size_bytes > len(tiny.decoded)
    assert {path.name for path in where("tiny").iterdir()} <= {"notes.txt", ".lock"}
    assert cached("tiny") == ()
    assert remove("tiny") == 0


def test_remove_of_what_was_never_there_makes_no_folder(data_home):
    assert remove("mnist") == 0
    assert not data_home.exists()


def test_remove_takes_the_kept_archive_too(data_home, tiny, register):
    register(replace(tiny.file, name="gzip.zip"))
    where("tiny").mkdir(parents=True)
    (where("tiny") / "gzip.zip").write_bytes(b"12345")
    assert remove("tiny") == 5


def test_what_was_removed_can_be_got_again(pair, tiny):
    get("tiny")
    remove("tiny")
    assert get("tiny")[0].read_bytes() == tiny.decoded


def test_a_removal_that_is_refused_says_so(pair, monkeypatch):
    get("tiny")

    def refuse(self, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(CacheError, match="you may not write there"):
        remove("tiny")
    monkeypatch.undo()
