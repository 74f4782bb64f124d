"""The order of places, and what is said when none has it. By behaviour; the plan touches nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstlight._errors import DataCorruptError, DataMissingError, DownloadError
from firstlight.sources import REGISTRY
from firstlight.sources._explain import Tried, failure
from firstlight.sources._index import WHEELS
from firstlight.sources._places import Copies, Folder, Settings, Web, local_path, places, read_settings
from firstlight.sources._registry import find_member

MNIST = find_member("mnist", "train-images-idx3-ubyte")
HOME = Path("/home/me/firstlight")
SETTINGS = Settings(HOME, (Path("/usb"), Path("/net")), ("http://a.example/x", "https://b.example"))


def test_the_order_is_the_documented_one():
    kinds = [place.kind for place in places(*MNIST, SETTINGS, WHEELS["mnist"])]
    assert list(dict.fromkeys(kinds)) == ["cache", "folder", "copies", "mirror", "official", "package index"]


def test_offline_leaves_the_places_on_this_machine():
    offline = Settings(HOME, SETTINGS.folders, SETTINGS.mirrors, is_offline=True)
    kinds = {type(place) for place in places(*MNIST, offline, WHEELS["mnist"])}
    assert kinds == {Folder, Copies}


def test_a_folder_may_hold_any_of_the_usual_spellings():
    found = [p for p in places(*MNIST, Settings(HOME, (Path("/usb"),)), None) if p.kind == "folder"]
    names = ("train-images-idx3-ubyte", "train-images.idx3-ubyte")
    assert [(str(p.path), p.is_decoded) for p in found] == [
        (f"/usb/{folder}{name}{ending}", not ending)
        for folder in ("mnist/", "")
        for ending in (".gz", "")
        for name in names
    ]


def test_a_loose_member_without_a_known_hash_is_not_looked_for():
    cifar = find_member("cifar10", "test_batch.bin")
    assert not any(p.is_decoded for p in places(*cifar, SETTINGS, None) if isinstance(p, Folder))


def test_a_mirror_is_asked_below_the_data_set_and_directly():
    (mirror,) = (p for p in places(*MNIST, SETTINGS, None) if p.kind == "mirror")
    assert mirror.urls == (
        "http://a.example/x/mnist/train-images-idx3-ubyte.gz",
        "http://a.example/x/train-images-idx3-ubyte.gz",
        "https://b.example/mnist/train-images-idx3-ubyte.gz",
        "https://b.example/train-images-idx3-ubyte.gz",
    )


def test_a_mirror_of_files_is_a_folder():
    found = places(*MNIST, Settings(HOME, mirrors=("file:///mnt/mirror",)), None)
    assert Folder(Path("/mnt/mirror/mnist/train-images-idx3-ubyte.gz"), is_decoded=False) in found
    assert not any(isinstance(p, Web) and p.kind == "mirror" for p in found)


def test_only_mnist_is_on_the_package_index():
    assert set(WHEELS) == {"mnist"}


def test_the_settings_are_those_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("FIRSTLIGHT_DATA", "/usb:/net")
    monkeypatch.setenv("FIRSTLIGHT_MIRROR", "https://a.example/, https://b.example")
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    assert read_settings() == Settings(
        tmp_path, (Path("/usb"), Path("/net")), ("https://a.example", "https://b.example"), is_offline=True
    )


@pytest.mark.parametrize(
    ("place", "path"),
    [("file:///a%20b/c", "/a b/c"), ("/a/b", "/a/b"), ("https://a.example/b", None), ("http://a/b", None)],
)
def test_what_is_a_path_and_what_is_a_url(place, path):
    assert local_path(place) == (Path(path) if path else None)


def test_a_failure_on_the_network_lists_each_place_and_then_the_cures():
    tried = [Tried("/usb/x.gz", "is damaged"), Tried("https://a.example/x.gz", "HTTP 404", is_remote=True)]
    error = failure(*MNIST, tried, SETTINGS)
    assert isinstance(error, DownloadError)
    lines = str(error).splitlines()
    assert lines[:3] == [
        "Could not get train-images-idx3-ubyte of mnist: every place failed.",
        "  /usb/x.gz: is damaged",
        "  https://a.example/x.gz: HTTP 404",
    ]
    for cure in ("try again", "FIRSTLIGHT_MIRROR", "FIRSTLIGHT_DATA", str(HOME / "datasets" / "mnist")):
        assert any(cure in line for line in lines[4:])


def test_wrong_bytes_alone_are_corrupt_data():
    error = failure(*MNIST, [Tried("/usb/x.gz", "is damaged")], Settings(HOME, is_offline=True))
    assert isinstance(error, DataCorruptError)


def test_offline_says_that_it_is_and_where_to_put_what():
    error = failure(*MNIST, [], Settings(HOME, is_offline=True))
    assert isinstance(error, DataMissingError)
    said = str(error)
    assert "FIRSTLIGHT_OFFLINE is set" in said
    assert f"{HOME}/datasets/mnist/train-images-idx3-ubyte.gz" in said
    assert MNIST[0].sha256 in said
    assert "FIRSTLIGHT_DATA" in said
    for other in REGISTRY["mnist"]:
        assert other.name in said
