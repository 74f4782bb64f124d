"""From archives to members. By behaviour, on real archives, good and hostile ones."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from dataclasses import replace

import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import DataFile, Member
from firstlight.sources._decode import archive_kind, decode, decoded_together

A, B = Member("a.bin", "top/a.bin", 5), Member("b.bin", "top/b.bin", 3)
TAR = DataFile("x", "x.tar.gz", None, None, (), (A, B))
ZIP = replace(TAR, name="x.zip", members=(A, Member("c", "top/c.gz", 4)))


def entry(name, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


@pytest.fixture
def tar(tmp_path):
    def make(*entries):
        path = tmp_path / "x.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for info, data in entries:
                archive.addfile(info, io.BytesIO(data))
        return path

    return make


@pytest.fixture
def zipped(tmp_path):
    def make(entries):
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries:
                archive.writestr(name, data)
        return path

    return make


def members(path, file, wanted=None):
    return {m.name: b"".join(chunks) for m, chunks in decode(path, file, wanted or file.members)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.tar.gz", "tar"),
        ("a.tgz", "tar"),
        ("a.zip", "zip"),
        ("a.whl", "zip"),
        ("a.gz", "gzip"),
        ("a", "plain"),
    ],
)
def test_the_name_says_how_a_file_is_packed(name, kind):
    assert archive_kind(name) == kind


def test_a_tar_is_decoded_in_one_go_and_a_zip_member_by_member():
    assert decoded_together(TAR, A) == (A, B)
    assert decoded_together(ZIP, A) == (A,)


def test_gzip(tmp_path, tiny):
    path = tmp_path / "t.gz"
    path.write_bytes(tiny.packed)
    assert members(path, tiny.file) == {"tiny-images": tiny.decoded}


def test_gzip_in_several_parts(tmp_path, tiny):
    path = tmp_path / "t.gz"
    path.write_bytes(gzip.compress(tiny.decoded[:9]) + gzip.compress(tiny.decoded[9:]))
    assert members(path, tiny.file) == {"tiny-images": tiny.decoded}


def test_a_plain_file(tmp_path, tiny):
    path = tmp_path / "t"
    path.write_bytes(tiny.decoded)
    assert members(path, replace(tiny.file, name="t")) == {"tiny-images": tiny.decoded}


@pytest.mark.parametrize("cut", [5, 100, 1000, -4])
def test_a_truncated_gzip_is_damaged(tmp_path, tiny, cut):
    path = tmp_path / "t.gz"
    path.write_bytes(tiny.packed[:cut])
    with pytest.raises(DataCorruptError, match=r"t\.gz is damaged"):
        members(path, tiny.file)


@pytest.mark.parametrize("at", [0, 50_000, -5])
def test_a_changed_gzip_is_damaged(tmp_path, tiny, at):
    path, data = tmp_path / "t.gz", bytearray(tiny.packed)
    data[at] ^= 255
    path.write_bytes(data)
    # Deflate may read nonsense before the checksum at the end: then there is too much of it.
    with pytest.raises(DataCorruptError, match=r"t\.gz is damaged|unpacks to more than"):
        members(path, tiny.file)


def test_a_gzip_bomb_is_stopped_at_the_known_size(tmp_path, tiny):
    path = tmp_path / "t.gz"
    path.write_bytes(gzip.compress(bytes(100_000_000), 1))
    out = []
    with pytest.raises(DataCorruptError, match="unpacks to more than 300000 bytes"):
        out.extend(chunk for _, chunks in decode(path, tiny.file, tiny.file.members) for chunk in chunks)
    assert sum(map(len, out)) <= 300_000


def test_a_gzip_bomb_of_unknown_size_is_stopped_by_its_ratio(tmp_path, tiny):
    path = tmp_path / "t.gz"
    path.write_bytes(gzip.compress(bytes(100_000_000)))
    with pytest.raises(DataCorruptError, match="unpacks to more than"):
        members(path, tiny.file, [Member("tiny-images")])


def test_tar_members_are_found_whatever_else_there_is(tar):
    path = tar(
        entry("top", type=tarfile.DIRTYPE),
        entry("top/readme.html", b"<html>"),
        entry("./top/b.bin", b"bbb"),
        entry("top/a.bin", b"aaaaa"),
    )
    assert members(path, TAR) == {"a.bin": b"aaaaa", "b.bin": b"bbb"}


def test_only_named_tar_members_are_read(tar, tmp_path):
    before = set(tmp_path.rglob("*"))
    path = tar(
        entry("../../evil", b"x"),
        entry("/etc/evil", b"x"),
        entry("top/a.bin/../../../evil", b"x"),
        entry("top/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry("top/null", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
        entry("top/a.bin", b"aaaaa"),
        entry("top/b.bin", b"bbb"),
    )
    assert members(path, TAR) == {"a.bin": b"aaaaa", "b.bin": b"bbb"}
    assert set(tmp_path.rglob("*")) - before == {path}


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_a_tar_member_that_is_no_regular_file_is_refused(tar, kind):
    path = tar(entry("top/a.bin", type=kind, linkname="/etc/passwd"), entry("top/b.bin", b"bbb"))
    with pytest.raises(DataCorruptError, match=r"top/a\.bin is not a regular file"):
        members(path, TAR)


def test_a_missing_tar_member_is_named(tar):
    with pytest.raises(DataCorruptError, match=r"holds no top/b\.bin"):
        members(tar(entry("top/a.bin", b"aaaaa")), TAR)


def test_a_truncated_tar_is_damaged(tar):
    path = tar(entry("top/a.bin", b"aaaaa"), entry("top/b.bin", b"bbb"))
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(DataCorruptError, match=r"is damaged|holds no"):
        members(path, TAR)


def test_a_tar_bomb_is_stopped_even_where_it_is_only_skipped(tar):
    path = tar(
        entry("top/zeros", bytes(200_000_000)), entry("top/a.bin", b"aaaaa"), entry("top/b.bin", b"bbb")
    )
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DataCorruptError, match="unpacks to more than"):
        members(path, TAR)


def test_a_tar_member_of_another_size_is_stopped(tar):
    with pytest.raises(DataCorruptError, match="unpacks to more than 5 bytes"):
        members(tar(entry("top/a.bin", b"aaaaaa"), entry("top/b.bin", b"bbb")), TAR)


def test_zip_members_are_unpacked_twice_where_they_are_gzips(zipped):
    path = zipped([("top/a.bin", b"aaaaa"), ("top/c.gz", gzip.compress(b"cccc")), ("../evil", b"x")])
    assert members(path, ZIP) == {"a.bin": b"aaaaa", "c": b"cccc"}


def test_a_missing_zip_member_is_named(zipped):
    with pytest.raises(DataCorruptError, match=r"holds no top/c\.gz"):
        members(zipped([("top/a.bin", b"aaaaa")]), ZIP)


def test_a_zip_member_that_is_a_link_is_refused(zipped):
    link = zipfile.ZipInfo("top/a.bin")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DataCorruptError, match=r"top/a\.bin is not a regular file"):
        members(zipped([(link, "/etc/passwd")]), ZIP, [A])


def test_a_zip_bomb_is_stopped(zipped):
    with pytest.raises(DataCorruptError, match="unpacks to more than 5 bytes"):
        members(zipped([("top/a.bin", bytes(50_000_000))]), ZIP, [A])


def test_a_gzip_bomb_inside_a_zip_is_stopped(zipped):
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(DataCorruptError, match="unpacks to more than 4 bytes"):
        members(zipped([("top/c.gz", bomb)]), ZIP, [ZIP.members[1]])


def test_a_zip_that_is_none_is_damaged(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"<html>not a zip</html>")
    with pytest.raises(DataCorruptError, match="is damaged"):
        members(path, ZIP)


def test_a_zip_with_a_password_cannot_be_unpacked(zipped):
    path = zipped([("top/a.bin", b"aaaaa")])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(DataCorruptError, match=r"cannot be unpacked: .*encrypted"):
        members(path, ZIP, [A])
