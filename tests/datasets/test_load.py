"""`load`: names, paths, options and refusals. By behaviour, with the hashes of MNIST's files as oracle."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import (
    DataCorruptError,
    DataMissingError,
    FirstlightError,
    UnknownNameError,
    UsageError,
)
from firstlight.datasets._catalog import SPELLINGS, find_spec


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("mnist", "mnist"),
        ("MNIST", "mnist"),
        ("fashion_mnist", "fashion-mnist"),
        ("FashionMNIST", "fashion-mnist"),
        ("Fashion MNIST", "fashion-mnist"),
        ("CIFAR-10", "cifar10"),
        ("cifar_100", "cifar100"),
        ("EMNIST-Letters", "emnist-letters"),
        ("emnist", "emnist-balanced"),
        ("kuzushiji", "kmnist"),
    ],
)
def test_spellings(spelling, name):
    assert find_spec(spelling).name == name


def test_no_two_data_sets_share_a_spelling():
    names = [name for spec in set(map(id, SPELLINGS.values())) for name in [spec]]
    assert len(names) == 12
    assert all(SPELLINGS["".join(c for c in spec.name if c != "-")] is spec for spec in SPELLINGS.values())


@pytest.mark.parametrize(
    ("name", "near"), [("mnits", "mnist"), ("fasion-mnist", "fashion-mnist"), ("cifar-1O", "cifar10")]
)
def test_an_unknown_name_is_told_the_nearest(name, near):
    with pytest.raises(UnknownNameError, match=f"There is no data set '{name}'. Did you mean '{near}'"):
        fl.load(name)


def test_no_name_at_all_is_told_what_there_is():
    with pytest.raises(UnknownNameError, match=r"There is no data set ''. Known: cifar10, "):
        fl.load("")
    with pytest.raises(UsageError, match="name of a data set or a path; got int"):
        fl.load(3)


@pytest.mark.parametrize("path", ["./mnist-of-mine", "digits.npz", "some/folder", Path("mine")])
def test_a_path_to_nothing_is_told_so(data_home, path):
    with pytest.raises(DataMissingError, match=str(path).lstrip("./")):
        fl.load(path)


def test_a_known_name_wins_over_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist").mkdir()
    assert len(fl.load("mnist")[0]) == 60_000
    for path in ("./mnist", Path("mnist")):
        with pytest.raises(FirstlightError, match="mnist"):
            fl.load(path)


def test_provenance_tells_the_hashes(mnist):
    hashes = {source.file: source.sha256 for data in mnist for source in data.provenance}
    assert hashes == {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }
    assert all(source.origin for data in mnist for source in data.provenance)


def test_a_warm_load_takes_at_most_thirty_milliseconds(mnist):
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        fl.load("mnist")
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) <= 0.030


def test_pixels_are_mapped_and_the_file_is_safe(mnist):
    images = fl.load("mnist")[0].images
    assert images.is_contiguous()
    images[0].fill_(255)
    assert not torch.equal(fl.load("mnist")[0].images[0], images[0])


def test_return_x_y(mnist):
    (table, target), (test_table, test_target) = fl.load("mnist", return_X_y=True)
    assert (table.shape, test_table.shape) == ((60_000, 784), (10_000, 784))
    np.testing.assert_array_equal(target, mnist[0].labels.numpy())
    np.testing.assert_array_equal(test_target, mnist[1].labels.numpy())
    np.testing.assert_array_equal(test_table[9], mnist[1].images[9].flatten().numpy())


def test_only_emnist_has_a_choice_of_splits():
    with pytest.raises(UsageError, match="Only emnist has a choice of splits; got split='train' for 'mnist'"):
        fl.load("mnist", split="train")
    with pytest.raises(UnknownNameError, match=r"no split of emnist 'letter'\. Did you mean 'letters'"):
        fl.load("emnist", split="letter")


def test_emnist_alone_is_the_balanced_one(tiny):
    tiny("emnist-balanced")
    assert SPELLINGS["emnist"].name == "emnist-balanced"
    train, _ = fl.load("emnist", split="balanced")
    assert train.name == "emnist-balanced"


def test_events_are_passed_on(tiny):
    tiny("kmnist")
    seen = []
    fl.load("kmnist", on_event=seen.append)
    assert {event.dataset for event in seen} == {"kmnist"}


def test_labels_with_other_counts_are_refused(tiny):
    made = tiny("kmnist")
    object.__setattr__(made.spec, "train_counts", (25, 23) + (24,) * 8)
    with pytest.raises(
        DataCorruptError, match=r"train labels of kmnist must have \(25, 23, .* data rm kmnist"
    ):
        fl.load("kmnist")


def test_images_of_another_number_are_refused(tiny):
    made = tiny("cifar10")
    object.__setattr__(made.spec, "sizes", (240, 131))
    with pytest.raises(
        DataCorruptError, match=r"test images of cifar10 must have the shape \(131, 3, 32, 32\)"
    ):
        fl.load("cifar10")


def test_labels_beyond_the_classes_are_refused(tiny):
    made = tiny("emnist-letters")
    object.__setattr__(made.spec, "classes", tuple("abc"))
    with pytest.raises(DataCorruptError, match="must be 240 numbers from 0 to 2; got 240 of up to 25"):
        fl.load("emnist-letters")


def test_fashion_files_in_the_place_of_mnist_are_refused(needs_data, tmp_path, monkeypatch, request):
    folders = os.environ["FIRSTLIGHT_DATA"].split(os.pathsep)
    fashion = next(folder for part in folders if (folder := Path(part) / "fashion-mnist").is_dir())
    shutil.copytree(fashion, tmp_path / "usb" / "mnist")
    request.getfixturevalue("data_home")
    monkeypatch.setenv("FIRSTLIGHT_DATA", str(tmp_path / "usb"))
    monkeypatch.setenv("FIRSTLIGHT_OFFLINE", "1")
    with pytest.raises(DataCorruptError, match="fashion-mnist"):
        fl.load("mnist")


def test_importing_the_package_does_not_wait_for_torch():
    program = "import sys, firstlight; assert 'torch' not in sys.modules; firstlight.load; assert 'torch' in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
