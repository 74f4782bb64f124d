"""Obtaining members, from every kind of place and in order. By behaviour, on real files and a real server."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass, replace

import pytest

from firstlight._errors import DataCorruptError, DataMissingError, DownloadError, UnknownNameError
from firstlight.sources import DataFile, Found, Member, Origin, Skipped, Verified, member_origin, member_path
from firstlight.sources import _cache as cache

pytestmark = pytest.mark.usefixtures("clean_parts", "nothing_else")


@pytest.fixture
def usb(tmp_path, monkeypatch):
    """A folder in FIRSTLIGHT_DATA."""
    folder = tmp_path / "usb"
    (folder / "tiny").mkdir(parents=True)
    monkeypatch.setenv("FIRSTLIGHT_DATA", str(folder))
    return folder


@pytest.fixture
def placed(server, kit, tiny, register):
    """The tiny data set on one official host that works."""
    register(tiny.at(server.serve("/tiny-images.gz", kit.whole(tiny.packed))))
    return server


def bytes_of(dataset="tiny", member="tiny-images", **options):
    return member_path(dataset, member, **options).read_bytes()


def test_a_member_is_downloaded_verified_and_stamped(data_home, placed, tiny):
    events = []
    path = member_path("tiny", "tiny-images", on_event=events.append)
    assert path == data_home / "datasets" / "tiny" / "tiny-images"
    assert path.read_bytes() == tiny.decoded
    assert member_origin("tiny", "tiny-images") == Origin(
        "official", f"{placed.url}/tiny-images.gz", tiny.file.members[0].sha256, len(tiny.decoded)
    )
    assert Verified("tiny", "tiny-images.gz", tiny.file.sha256) in events
    assert events[-1] == Found("tiny", "tiny-images", "official", f"{placed.url}/tiny-images.gz", str(path))


def test_the_second_time_nobody_is_asked_and_nothing_is_read(data_home, placed, tiny):
    path = member_path("tiny", "tiny-images")
    events = []
    started = time.perf_counter()
    for _ in range(20):
        assert member_path("tiny", "tiny-images", on_event=events.append) == path
    assert (time.perf_counter() - started) / 20 < 0.005
    assert events == []
    assert len(placed.requests) == 1


def test_a_warm_call_needs_no_network_library(data_home, placed, tiny, python_env):
    script = "import sys, firstlight.sources; print({'requests', 'torch', 'pypi_simple', 'rich'} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=python_env()
    )
    assert ran.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "spelling",
    ["tiny/tiny-images.gz", "tiny/tiny-images", "tiny-images.gz", "tiny-images"],
)
def test_folders_come_before_the_network(data_home, usb, placed, tiny, spelling):
    (usb / spelling).write_bytes(tiny.packed if spelling.endswith(".gz") else tiny.decoded)
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images").detail == str(usb / spelling)
    assert placed.requests == []


def test_a_packed_file_is_judged_by_what_it_decodes_to(data_home, usb, placed, tiny):
    # Debian packs the same bytes with another header; the published hash does not match then.
    (usb / "tiny" / "tiny-images.gz").write_bytes(gzip.compress(tiny.decoded, 1, mtime=9))
    assert bytes_of() == tiny.decoded
    assert placed.requests == []


def test_a_file_put_into_the_cache_by_hand_is_taken(data_home, placed, tiny):
    folder = data_home / "datasets" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny-images.gz").write_bytes(tiny.packed)
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images").kind == "folder"


def test_a_damaged_file_in_a_folder_is_passed_over_and_said(data_home, usb, placed, tiny):
    (usb / "tiny" / "tiny-images.gz").write_bytes(tiny.packed[:-100])
    events = []
    assert bytes_of(on_event=events.append) == tiny.decoded
    (skipped,) = (event for event in events if isinstance(event, Skipped))
    assert "is damaged" in skipped.reason


def test_wrong_bytes_in_a_folder_are_the_error_when_offline(data_home, usb, placed, tiny, monkeypatch):
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    (usb / "tiny" / "tiny-images").write_bytes(tiny.decoded[::-1])
    with pytest.raises(
        DataCorruptError, match=f"wrong bytes .*expected SHA-256 {tiny.file.members[0].sha256}"
    ):
        bytes_of()
    assert placed.requests == []


def test_a_folder_that_may_not_be_read_is_passed_over(data_home, usb, placed, tiny):
    (usb / "tiny" / "tiny-images.gz").symlink_to(usb / "tiny" / "tiny-images.gz")  # a circle
    assert bytes_of() == tiny.decoded


def test_fashions_files_where_mnists_belong_are_named(data_home, usb, tiny, register, monkeypatch):
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    other = hashlib.shake_256(b"fashion").digest(300_000)
    fashion = Member("tiny-images", "", len(other), hashlib.sha256(other).hexdigest())
    register(tiny.file, DataFile("tiny-fashion", "tiny-images.gz", None, "0" * 64, (), (fashion,)))
    (usb / "tiny" / "tiny-images.gz").write_bytes(gzip.compress(other))
    with pytest.raises(DataCorruptError, match="this is tiny-fashion's tiny-images"):
        bytes_of()


@dataclass(frozen=True)
class Copy:
    """What the adopters offer."""

    origin: Origin
    data: bytes | Exception
    is_trusted: bool = False

    def read(self, out):
        if isinstance(self.data, Exception):
            raise self.data
        out.write(self.data)


def test_copies_of_others_come_before_the_network_but_only_the_right_one(
    data_home, placed, tiny, monkeypatch
):
    copies = [
        Copy(Origin("keras", "/k"), tiny.decoded[:-1]),
        Copy(Origin("sklearn", "/s"), RuntimeError("unreadable")),
        Copy(Origin("torchvision", "/t"), tiny.decoded),
    ]
    monkeypatch.setattr("firstlight.sources._adopt.adoptable", lambda file, member: iter(copies))
    events = []
    assert bytes_of(on_event=events.append) == tiny.decoded
    assert member_origin("tiny", "tiny-images").kind == "torchvision"
    assert [event.place for event in events if isinstance(event, Skipped)] == ["/k", "/s"]
    assert placed.requests == []


def test_a_mirror_comes_before_the_official_hosts(data_home, placed, server, kit, tiny, monkeypatch):
    server.serve("/mirror/tiny/tiny-images.gz", kit.whole(tiny.packed))
    monkeypatch.setenv("FIRSTLIGHT_MIRROR", server.url + "/mirror")
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images").kind == "mirror"
    assert placed.count("/tiny-images.gz") == 0


def test_a_mirror_without_folders_works_too(data_home, placed, server, kit, tiny, monkeypatch):
    server.serve("/flat/tiny-images.gz", kit.whole(tiny.packed))
    monkeypatch.setenv("FIRSTLIGHT_MIRROR", f"{server.url}/none,{server.url}/flat/")
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images").detail == server.url + "/flat/tiny-images.gz"


def test_offline_asks_nobody(data_home, placed, monkeypatch):
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    monkeypatch.setenv("FIRSTLIGHT_MIRROR", placed.url)
    with pytest.raises(
        DataMissingError, match="FIRSTLIGHT_OFFLINE is set, so nobody on the network was asked"
    ):
        bytes_of()
    assert placed.requests == []


def test_every_place_that_failed_is_listed(data_home, server, kit, tiny, register, refused_url):
    register(tiny.at(server.serve("/1", kit.status(403)), refused_url, "https://nowhere.invalid/x"))
    with pytest.raises(DownloadError, match="every place failed") as caught:
        bytes_of()
    said = str(caught.value)
    for reason in ("/1: HTTP 403 Forbidden", "connection refused", "no such host: the name nowhere.invalid"):
        assert reason in said
    assert cache.member_file("tiny", "tiny-images").exists() is False


def test_unknown_names_are_told_before_anything_is_asked(data_home):
    with pytest.raises(UnknownNameError, match="Did you mean 'mnist'"):
        member_path("mnits", "x")
    with pytest.raises(UnknownNameError, match="no file of mnist 'x'"):
        member_path("mnist", "x")
    assert not data_home.exists()


def test_the_origin_of_what_is_not_there_is_an_error(data_home):
    with pytest.raises(DataMissingError, match="not in the cache"):
        member_origin("mnist", "train-images-idx3-ubyte")


def test_a_touched_file_is_read_again_and_kept(data_home, placed, tiny):
    path = member_path("tiny", "tiny-images")
    before = member_origin("tiny", "tiny-images")
    os.utime(path, (1, 1))
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images") == before
    assert len(placed.requests) == 1


def test_a_changed_file_is_obtained_again(data_home, placed, tiny):
    path = member_path("tiny", "tiny-images")
    path.write_bytes(tiny.decoded[:-1] + b"!")
    events = []
    assert bytes_of(on_event=events.append) == tiny.decoded
    assert len(placed.requests) == 2
    assert "changed copy in the cache has the wrong bytes" in events[0].reason


def test_a_changed_file_that_cannot_be_had_again_is_corrupt(data_home, placed, tiny, monkeypatch):
    member_path("tiny", "tiny-images").write_bytes(b"oops")
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    with pytest.raises(DataCorruptError, match="changed copy in the cache has the wrong bytes"):
        bytes_of()


def test_a_member_whose_stamp_was_lost_is_read_and_kept(data_home, placed, tiny):
    path = member_path("tiny", "tiny-images")
    path.with_name("tiny-images.json").unlink()
    assert bytes_of() == tiny.decoded
    assert member_origin("tiny", "tiny-images").kind == "cache"
    assert len(placed.requests) == 1


def test_data_sets_with_the_same_names_are_kept_apart(data_home, placed, server, kit, tiny, register):
    other = hashlib.shake_256(b"other").digest(1000)
    packed = gzip.compress(other)
    file = DataFile(
        "other",
        "tiny-images.gz",
        len(packed),
        hashlib.sha256(packed).hexdigest(),
        (server.serve("/other.gz", kit.whole(packed)),),
        (Member("tiny-images", "", len(other), hashlib.sha256(other).hexdigest()),),
    )
    register(tiny.at(server.url + "/tiny-images.gz"), file)
    assert bytes_of("tiny") == tiny.decoded
    assert bytes_of("other") == other
    assert bytes_of("tiny") == tiny.decoded


@pytest.fixture
def tar(server, kit, register):
    """A tar of two members whose own hashes nobody published, as CIFAR's."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in (("top/a.bin", b"a" * 5000), ("top/b.bin", b"b" * 300)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    data = packed.getvalue()
    members = (Member("a.bin", "top/a.bin", 5000), Member("b.bin", "top/b.bin"))
    url = server.serve("/pair.tar.gz", kit.whole(data))
    file = DataFile("pair", "pair.tar.gz", len(data), hashlib.sha256(data).hexdigest(), (url,), members)
    register(file)
    return file, data, server


def test_all_members_of_a_tar_come_at_once_and_their_hashes_are_pinned(data_home, tar):
    assert bytes_of("pair", "b.bin") == b"b" * 300
    assert bytes_of("pair", "a.bin") == b"a" * 5000
    assert len(tar[2].requests) == 1
    assert member_origin("pair", "b.bin").sha256 == hashlib.sha256(b"b" * 300).hexdigest()


def test_a_pinned_hash_finds_damage(data_home, tar):
    path = member_path("pair", "b.bin")
    path.write_bytes(b"c" * 300)
    assert bytes_of("pair", "b.bin") == b"b" * 300
    assert len(tar[2].requests) == 2


def test_a_tar_in_a_folder_is_trusted_by_its_own_hash_only(data_home, tar, usb):
    _, data, server = tar
    (usb / "pair.tar.gz").write_bytes(data[:-1] + b"!")
    assert bytes_of("pair", "a.bin") == b"a" * 5000
    assert len(server.requests) == 1
    shutil.rmtree(data_home)
    (usb / "pair.tar.gz").write_bytes(data)
    assert bytes_of("pair", "a.bin") == b"a" * 5000
    assert len(server.requests) == 1


@pytest.fixture
def zipped(server, kit, register):
    """A zip of two gzips whose own hashes nobody published, as EMNIST's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("gzip/a.gz", gzip.compress(b"a" * 5000))
        archive.writestr("gzip/b.gz", gzip.compress(b"b" * 300))
    data = packed.getvalue()
    members = (Member("a", "gzip/a.gz", 5000), Member("b", "gzip/b.gz", 300))
    url = server.serve("/gzip.zip", kit.whole(data))
    register(DataFile("zips", "gzip.zip", len(data), hashlib.sha256(data).hexdigest(), (url,), members))
    return server


def test_a_zip_is_kept_and_its_members_are_decoded_as_they_are_asked_for(data_home, zipped):
    assert bytes_of("zips", "a") == b"a" * 5000
    folder = data_home / "datasets" / "zips"
    assert not (folder / "b").exists()
    assert bytes_of("zips", "b") == b"b" * 300
    assert len(zipped.requests) == 1
    assert member_origin("zips", "b") == replace(
        member_origin("zips", "a"), sha256=hashlib.sha256(b"b" * 300).hexdigest(), size_bytes=300
    )


def test_a_kept_zip_that_was_changed_is_obtained_again(data_home, zipped):
    member_path("zips", "a")
    kept = data_home / "datasets" / "zips" / "gzip.zip"
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    assert bytes_of("zips", "b") == b"b" * 300
    assert len(zipped.requests) == 2


def test_a_listener_that_raises_stops_it_and_leaves_nothing(data_home, placed, tiny):
    def interrupt(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        member_path("tiny", "tiny-images", on_event=interrupt)
    assert bytes_of() == tiny.decoded
