"""Fingerprints of bytes. The oracle is hashlib; the checks are tested by behaviour."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import DataFile, Member
from firstlight.sources._hashes import Fingerprint, check_file, check_member, fingerprint

DATA = b"some bytes " * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
FILE = DataFile("x", "x.gz", len(DATA), SHA256, (), ())


def taken(data=DATA, **options):
    got = Fingerprint(**options)
    got.update(data)
    return got


def test_a_fingerprint_is_the_same_in_one_go_and_in_pieces(tmp_path):
    got = Fingerprint(with_md5=True)
    for i in range(0, len(DATA), 777):
        got.update(memoryview(DATA)[i : i + 777])
    (tmp_path / "f").write_bytes(DATA)
    read = fingerprint(tmp_path / "f", with_md5=True)
    assert (got.size_bytes, got.sha256, got.md5) == (len(DATA), SHA256, MD5)
    assert (read.size_bytes, read.sha256, read.md5) == (len(DATA), SHA256, MD5)
    assert taken().md5 is None


def test_the_right_bytes_pass():
    check_file(FILE, taken(), place="/p")
    check_file(replace(FILE, sha256=None, md5=MD5), taken(with_md5=True), place="/p")
    check_member(Member("m", "", len(DATA), SHA256), taken(), place="/p")
    check_member(Member("m"), taken(), place="/p")


def test_wrong_bytes_say_what_was_expected_and_what_came():
    wrong = hashlib.sha256(b"no").hexdigest()
    message = rf"/p has the wrong bytes for x.gz \(2 bytes instead of {len(DATA)}\): expected SHA-256 {SHA256}, got {wrong}$"
    with pytest.raises(DataCorruptError, match=message):
        check_file(FILE, taken(b"no"), place="/p")


def test_a_wrong_size_is_said_where_no_hash_is_known():
    with pytest.raises(DataCorruptError, match=f"/p has 2 bytes for m, expected {len(DATA)}"):
        check_member(Member("m", "", len(DATA)), taken(b"no"), place="/p")


@pytest.mark.parametrize("md5", [None, "0" * 32])
def test_a_file_without_a_right_hash_never_passes(md5):
    with pytest.raises(DataCorruptError, match=f"expected MD5 {md5}, got"):
        check_file(replace(FILE, sha256=None, md5=md5), taken(with_md5=True), place="/p")


def test_a_known_file_in_the_wrong_place_is_named(register):
    register(replace(FILE, dataset="neighbour"))
    with pytest.raises(DataCorruptError, match=r"this is neighbour's x\.gz"):
        check_member(Member("m", sha256="0" * 64), taken(), place="/p")
