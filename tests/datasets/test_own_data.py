"""Your own data, from the path to (train, test). By behaviour, with real files of each kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import firstlight as fl
from firstlight._errors import DataCorruptError, UsageError
from firstlight.datasets import pixel_statistics
from firstlight.datasets._own_data import own_datasets
from firstlight.datasets._raw import RawSplit


def some(count: int, *, size: int = 4, classes: tuple[str, ...] = ("x", "y", "z")) -> RawSplit:
    """Images whose first two pixels hold their place."""
    pixels = np.random.default_rng(count).integers(0, 256, (count, 1, size, size), dtype=np.uint8)
    pixels[:, 0, 0, 0] = np.arange(count)
    return RawSplit(pixels, np.arange(count) % 3, classes, (Path("mine.bin"),), ("Read twice.",))


def made(**splits: RawSplit):
    return own_datasets("mine", splits, source="here")


def places(data: fl.ImageDataset) -> list[int]:
    return data.images[:, 0, 0, 0].tolist()


def test_train_and_test_are_taken_as_they_are():
    train, test = made(train=some(30), test=some(6))
    assert [(part.name, part.split) for part in (train, test)] == [("mine", "train"), ("mine", "test")]
    assert places(train) == list(range(30))
    assert places(test) == list(range(6))
    assert train.card.oddities == ("Read twice.",)
    assert train.provenance[0].file == "mine.bin"


def test_statistics_are_those_of_train():
    train, test = made(train=some(30), test=some(6))
    wanted = pixel_statistics(train.images)
    assert (train.mean, train.std) == (test.mean, test.std) == (wanted.mean, wanted.std)


@pytest.mark.parametrize("split", ["train", "all"])
def test_one_split_is_cut_five_to_one(split):
    train, test = made(**{split: some(90)})
    assert (train.split, test.split) == ("train", "test")
    assert train.class_counts().tolist() == [25, 25, 25]
    assert test.class_counts().tolist() == [5, 5, 5]
    assert sorted(places(train) + places(test)) == list(range(90))
    assert "cut it 5 : 1 into train and test" in train.card.oddities[-1]


def test_the_cut_is_the_same_every_time():
    assert places(made(all=some(90))[1]) == places(made(train=some(90))[1])


@pytest.mark.parametrize("names", [("train", "val"), ("train", "test", "more"), ()])
def test_other_splits_are_refused(names):
    with pytest.raises(DataCorruptError, match="one split, or the two splits train and test"):
        made(**{name: some(12) for name in names})


def test_images_of_two_sizes_are_refused():
    with pytest.raises(DataCorruptError, match=r"one size; got \(1, 4, 4\) in train and \(1, 5, 5\) in test"):
        made(train=some(12), test=some(12, size=5))


def test_two_sets_of_classes_are_refused():
    with pytest.raises(DataCorruptError, match=r"same classes; only one of them has \['w', 'z'\]"):
        made(train=some(12), test=some(12, classes=("x", "y", "w")))
    with pytest.raises(DataCorruptError, match="this order of them"):
        made(train=some(12), test=some(12, classes=("y", "x", "z")))


def test_too_few_images_are_refused():
    with pytest.raises(UsageError, match=r"mine has 1 image\(s\), too few"):
        made(all=some(1))


def test_a_folder_of_pictures(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for place in range(6):
            Image.new("L", (5, 4), place).save(tmp_path / "pets" / name / f"{place}.png")
    train, test = fl.load(tmp_path / "pets")
    assert (train.name, train.classes, train.image_shape) == ("pets", ("cat", "dog"), (1, 4, 5))
    assert sorted(places(train) + places(test)) == sorted(list(range(6)) * 2)
    small, _ = fl.load(str(tmp_path / "pets"), size=(2, 2), channels=3)
    assert small.image_shape == (3, 2, 2)


def test_an_npz_file(tmp_path):
    raw = some(12)
    np.savez(tmp_path / "mine.npz", images=raw.images[:, 0], labels=raw.labels)
    train, test = fl.load(tmp_path / "mine.npz")
    assert (train.name, len(train), len(test)) == ("mine", 10, 2)
    assert sorted(places(train) + places(test)) == list(range(12))


def test_options_of_pictures_are_not_for_published_data():
    with pytest.raises(UsageError, match="size and channels are for your own pictures"):
        fl.load("mnist", size=(14, 14))


def test_options_of_published_data_are_not_for_your_own(tmp_path):
    raw = some(12)
    np.savez(tmp_path / "mine.npz", images=raw.images[:, 0], labels=raw.labels)
    with pytest.raises(UsageError, match="no columns to ask for"):
        fl.load(tmp_path / "mine.npz", columns=True)
    with pytest.raises(UsageError, match="no data set with verified corrections 'mine'"):
        fl.load(tmp_path / "mine.npz", corrections="verified")
