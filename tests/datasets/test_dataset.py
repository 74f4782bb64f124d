"""ImageDataset: by behaviour, with NumPy, scikit-learn and torch's own DataLoader as oracles."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import shutil

import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier
from torch.utils.data import DataLoader

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError


def test_it_cannot_be_changed(small):
    with pytest.raises(dataclasses.FrozenInstanceError, match="labels"):
        small.labels = torch.zeros(12)
    with pytest.raises(TypeError, match="does not support item assignment"):
        small.columns["more"] = torch.zeros(12)


def test_an_item_is_an_image_and_its_label(small):
    image, label = small[4]
    assert torch.equal(image, small.images[4])
    assert (label, type(label)) == (1, int)
    assert small[-1][1] == 2


def test_many_items_are_the_single_ones(small):
    many = small.__getitems__([3, 0, 11])
    assert [label for _, label in many] == [0, 0, 2]
    assert all(
        torch.equal(image, small[place][0]) for (image, _), place in zip(many, [3, 0, 11], strict=True)
    )


def test_it_can_be_walked_through(small):
    assert [label for _, label in small] == small.labels.tolist()
    assert len(list(small)) == len(small) == 12


def test_a_slice_is_a_data_set(small):
    part = small[2:8:2]
    assert isinstance(part, fl.ImageDataset)
    assert part.columns["place"].tolist() == [2, 4, 6]


def test_a_subset_keeps_order_repeats_and_columns(small):
    part = small.subset([5, 1, 5])
    assert part.columns["place"].tolist() == [5, 1, 5]
    assert part.labels.tolist() == [2, 1, 2]
    assert torch.equal(part.images, small.images[[5, 1, 5]])
    assert (part.mean, part.classes, part.split) == (small.mean, small.classes, small.split)


@pytest.mark.parametrize(
    ("places", "match"),
    [
        ([], "at least one"),
        ([12], "from 0 to 11; got 12"),
        ([-1, 3], "got -1 to 3"),
        ([0.5], "whole numbers"),
        (torch.ones(12, dtype=torch.bool), "torch.nonzero"),
        ([[1, 2]], "list of whole numbers"),
        (["a"], r"list of whole numbers; got \['a'\]"),
    ],
)
def test_a_subset_refuses_places_that_are_none(small, places, match):
    with pytest.raises(UsageError, match=match):
        small.subset(places)


@pytest.mark.parametrize(
    "places", [np.array([2, 0], dtype=np.uint8), torch.tensor([2, 0], dtype=torch.int32)]
)
def test_a_subset_takes_any_kind_of_whole_number(small, places):
    assert small.subset(places).columns["place"].tolist() == [2, 0]


def test_a_place_beyond_the_end_is_an_index_error(small):
    with pytest.raises(IndexError, match="12 is out of bounds"):
        small[12]


@pytest.mark.parametrize("index", [[1, 2], True, torch.tensor([0])])
def test_an_index_is_one_number(small, index):
    with pytest.raises(UsageError, match=r"one whole number or a slice.*subset"):
        small[index]


@pytest.mark.parametrize("wanted", [1, "b"])
def test_one_class(small, wanted):
    assert small.of_class(wanted).columns["place"].tolist() == [1, 4, 7, 10]


@pytest.mark.parametrize("wanted", [3, -1, "bb"])
def test_an_unknown_class_is_refused(small, wanted):
    with pytest.raises(UnknownNameError, match=r"There is no class .* Known: <c>, a, b"):
        small.of_class(wanted)


def test_class_counts(small):
    assert small.subset([0, 3, 1]).class_counts().tolist() == [2, 1, 0]


def test_divide_names_and_keeps_every_image(small):
    parts = small.divide(0.5, 0.25)
    assert [part.split for part in parts] == [f"train, part {number} of 3" for number in (1, 2, 3)]
    assert sorted(torch.cat([part.columns["place"] for part in parts]).tolist()) == list(range(12))


def test_folds_hold_out_every_image_once(small):
    pairs = list(small.folds(4, seed=3))
    assert sorted(torch.cat([fold.columns["place"] for _, fold in pairs]).tolist()) == list(range(12))
    for rest, fold in pairs:
        assert not set(rest.columns["place"].tolist()) & set(fold.columns["place"].tolist())
        assert len(rest) + len(fold) == 12
    assert pairs[0][1].split == "train, fold 1 of 4"


def test_folds_are_checked_when_called(small):
    with pytest.raises(UsageError, match="from 2 to 4"):
        small.folds(5)


def test_canonical_split_names_its_parts(mnist):
    train, validation = mnist[0].canonical_split()
    assert (len(train), len(validation)) == (55_000, 5_000)
    assert (train.split, validation.split) == ("train", "validation")


def test_numpy_shares_the_memory(small):
    images, labels = small.numpy()
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    assert np.shares_memory(images, small.images.numpy())


def test_dlpack_shares_the_memory(small):
    assert np.shares_memory(np.from_dlpack(small.images), small.images.numpy())


def test_x_y_is_what_scikit_learn_takes(mnist):
    test = mnist[1][:1000]
    table, target = test.X_y()
    assert (table.dtype, table.shape, target.shape) == (np.float64, (1000, 784), (1000,))
    assert table.max() == 255
    np.testing.assert_array_equal(table[3].reshape(28, 28), test.images[3, 0].numpy())
    score = KNeighborsClassifier(1).fit(table[:800], target[:800]).score(table[800:], target[800:])
    assert score > 0.8


def test_x_y_scales_and_puts_colours_last():
    images = torch.arange(12, dtype=torch.uint8).view(1, 3, 2, 2)
    data = fl.ImageDataset("rgb", "train", images, torch.tensor([0]), ("a",), (0.0,) * 3, (1.0,) * 3)
    table, _ = data.X_y(dtype=np.float32, scaled=True)
    assert table.dtype == np.float32
    np.testing.assert_allclose(table.reshape(2, 2, 3)[0, 1] * 255, [1, 5, 9], rtol=1e-6)


def test_a_pickle_has_no_pixels_that_stand_in_a_file(mnist):
    _, test = mnist
    pickled = pickle.dumps(test)
    assert len(pickled) < test.images.numel() / 10
    again = pickle.loads(pickled)
    assert torch.equal(again.images, test.images)
    assert torch.equal(again.labels, test.labels)
    assert again.card == test.card


def test_a_pickle_has_pixels_that_were_changed():
    _, test = fl.load("mnist")
    test.images[7].fill_(1)
    assert torch.equal(pickle.loads(pickle.dumps(test)).images[7], test.images[7])
    assert not torch.equal(fl.load("mnist")[1].images[7], test.images[7])  # the file did not change


def test_a_pickle_is_read_elsewhere_from_that_place(tiny, tmp_path, monkeypatch):
    tiny("kmnist")
    train, _ = fl.load("kmnist")
    pickled = pickle.dumps(train)
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path / "another home"))
    assert torch.equal(pickle.loads(pickled).images, train.images)


def test_a_pickle_has_the_pixels_once_the_cache_is_gone(tiny, data_home):
    tiny("kmnist")
    train, _ = fl.load("kmnist")
    shutil.rmtree(data_home)
    pickled = pickle.dumps(train)
    assert len(pickled) > train.images.numel()
    assert torch.equal(pickle.loads(pickled).images, train.images)


def test_a_subset_can_be_pickled_and_copied(small):
    part = small.subset([1, 2])
    for again in (pickle.loads(pickle.dumps(part)), copy.deepcopy(part)):
        assert torch.equal(again.images, part.images)
        assert again.columns["place"].tolist() == [1, 2]


def test_a_spawned_worker_reads_the_same(mnist):
    loader = DataLoader(mnist[1][:64], batch_size=32, num_workers=1, multiprocessing_context="spawn")
    images, labels = map(torch.cat, zip(*loader, strict=True))
    assert torch.equal(images, mnist[1].images[:64])
    assert torch.equal(labels, mnist[1].labels[:64])


def test_data_loader_takes_it_as_it_is(small):
    images, labels = next(iter(DataLoader(small, batch_size=5)))
    assert torch.equal(images, small.images[:5])
    assert torch.equal(labels, small.labels[:5])


def test_repr_tells_a_beginner_what_this_is(small):
    assert repr(small) == "ImageDataset('small', 'train': 12 images of 1 x 2 x 3 uint8, 3 classes)"
    assert small.image_shape == (1, 2, 3)
