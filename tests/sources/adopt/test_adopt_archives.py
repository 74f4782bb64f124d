"""Members that only the published file's hash can vouch for. Their files are made here, with hashes computed here."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import tarfile
from pathlib import Path

import pytest

from firstlight._errors import DataCorruptError
from firstlight.sources import DataFile, Member
from firstlight.sources._adopt import adoptable


def test_a_known_gzip_vouches_for_a_member_without_hash(kit, tmp_path: Path) -> None:
    data = bytes(range(200))
    packed = gzip.compress(data)
    member = Member("train-labels-idx1-ubyte", size_bytes=200)
    file = DataFile("kmnist", "train-labels-idx1-ubyte.gz", len(packed), sha256(packed), (), (member,))
    hub = tmp_path / "user/.cache/huggingface/hub/datasets--tanganke--kmnist/snapshots/1/raw"
    path = kit.put(hub / file.name, packed)
    kit.put(hub / member.name, data)  # nothing vouches for it
    (candidate,) = adoptable(file, member)
    assert candidate.is_trusted
    assert kit.decoded(candidate) == data
    path.write_bytes(gzip.compress(data, mtime=1))
    with pytest.raises(DataCorruptError, match=r"is not kmnist's train-labels.*expected sha256"):
        kit.decoded(candidate)


def test_md5_serves_where_the_authors_give_nothing_else(kit, tmp_path: Path) -> None:
    packed = gzip.compress(b"pixels")
    member = Member("qmnist-train-images-idx3-ubyte", size_bytes=6)
    file = DataFile("qmnist", f"{member.name}.gz", None, None, (), (member,), hashlib.md5(packed).hexdigest())
    path = kit.put(tmp_path / "data/QMNIST/raw" / file.name, packed)
    (candidate,) = adoptable(file, member)
    assert kit.decoded(candidate) == b"pixels"
    path.write_bytes(gzip.compress(b"pixils"))
    with pytest.raises(DataCorruptError, match="expected md5"):
        kit.decoded(candidate)


def test_a_binary_cifar_archive_is_taken_and_the_pickled_one_is_not(kit, tmp_path: Path) -> None:
    record = bytes([3]) + bytes(3072)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        info = tarfile.TarInfo("cifar-10-batches-bin/test_batch.bin")
        info.size = len(record)
        tar.addfile(info, io.BytesIO(record))
    member = Member("test_batch.bin", info.name, len(record))
    file = DataFile("cifar10", "cifar-10-binary.tar.gz", None, sha256(archive.getvalue()), (), (member,))
    kit.put(tmp_path / "data/cifar-10-batches-py/test_batch", pickle.dumps({"data": record}))
    kit.put(tmp_path / "data/cifar-10-python.tar.gz", b"pickles")
    assert list(adoptable(file, member)) == []
    kit.put(tmp_path / "data" / file.name, archive.getvalue())
    (candidate,) = adoptable(file, member)
    assert kit.decoded(candidate) == record


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
