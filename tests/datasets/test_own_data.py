"""What becomes of your own data once a reader has found it. By behaviour."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import DataCorruptError, UsageError
from firstlight.datasets import DataCard, pixel_statistics
from firstlight.datasets._own_data import OwnSplit, own_datasets


def some(count: int, *, size: int = 4, classes: int = 3) -> OwnSplit:
    pixels = torch.randint(0, 256, (count, 1, size, size), generator=torch.Generator().manual_seed(count))
    return OwnSplit(pixels.to(torch.uint8), torch.arange(count) % classes, {"place": torch.arange(count)})


def made(**splits: OwnSplit):
    return own_datasets("mine", splits, ("x", "y", "z"), card=DataCard(title="Mine"))


def test_train_and_test_are_taken_as_they_are():
    train, test = made(train=some(30), test=some(6))
    assert [(part.name, part.split, len(part)) for part in (train, test)] == [
        ("mine", "train", 30),
        ("mine", "test", 6),
    ]
    assert not train.card.oddities


def test_statistics_are_those_of_train():
    train, test = made(train=some(30), test=some(6))
    wanted = pixel_statistics(some(30).images)
    assert (train.mean, train.std) == (test.mean, test.std) == (wanted.mean, wanted.std)


@pytest.mark.parametrize("split", ["train", "all"])
def test_one_split_is_cut_five_to_one(split):
    train, test = made(**{split: some(90)})
    assert (train.split, test.split) == ("train", "test")
    assert train.class_counts().tolist() == [25, 25, 25]
    assert test.class_counts().tolist() == [5, 5, 5]
    assert not set(train.columns["place"].tolist()) & set(test.columns["place"].tolist())
    assert "cut it 5 : 1 into train and test" in train.card.oddities[-1]


def test_the_cut_is_the_same_every_time():
    first, second = made(all=some(90)), made(all=some(90))
    assert torch.equal(first[1].columns["place"], second[1].columns["place"])


@pytest.mark.parametrize("names", [("train", "val"), ("train", "test", "more"), ()])
def test_other_splits_are_refused(names):
    with pytest.raises(DataCorruptError, match="one split, or the two splits train and test"):
        made(**{name: some(12) for name in names})


def test_images_of_two_sizes_are_refused():
    with pytest.raises(DataCorruptError, match=r"one size; got \(1, 4, 4\) in train and \(1, 5, 5\) in test"):
        made(train=some(12), test=some(12, size=5))


def test_too_few_images_are_refused():
    with pytest.raises(UsageError, match=r"mine has 1 image\(s\), too few"):
        made(all=some(1))
