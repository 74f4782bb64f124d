"""One table of checks over all data sets. Oracle: the tiny files' own arrays, and the registry of files."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight.datasets import list_datasets, pixel_statistics
from firstlight.datasets._catalog import CATALOG
from firstlight.sources._registry import find_member

ALL = sorted(CATALOG)


@pytest.mark.parametrize("name", ALL)
def test_the_facts_fit_together(name):
    spec = CATALOG[name]
    assert len(set(spec.classes)) == len(spec.classes) > 1
    for size, counts in zip(spec.sizes, (spec.train_counts, spec.test_counts), strict=True):
        assert counts is None or (sum(counts) == size and len(counts) == len(spec.classes))
    assert spec.statistics is None or all(
        0 < value < 1 for part in (spec.statistics.mean, spec.statistics.std) for value in part
    )


@pytest.mark.parametrize("name", ALL)
def test_the_card_is_filled(name):
    card = CATALOG[name].card
    assert card.title
    assert card.homepage.startswith("http")
    assert card.licence
    assert card.citation.startswith("@")
    assert card.citation.count("{") == card.citation.count("}")
    assert len(card.description) > 60
    assert card.oddities
    assert card.licence in str(card)


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("fashion-mnist", "MIT"),
        ("kmnist", "CC BY-SA 4.0"),
        ("cifar10", "none stated"),
        ("cifar100", "none stated"),
    ]
    + [(name, "none stated") for name in ALL if name.startswith("emnist")],
)
def test_licences_are_told_as_they_are(name, licence):
    assert CATALOG[name].card.licence == licence


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("split", ["train", "test"])
def test_the_registry_has_every_file_in_the_right_size(name, split):
    spec = CATALOG[name]
    size = spec.sizes[0] if split == "train" else spec.sizes[1]
    members = [find_member(spec.layout.dataset, member)[1] for member in spec.layout.members(split)]
    pixels = size * int(np.prod(spec.image_shape))
    held = sum(member.size_bytes for member in members)
    # Beside the pixels there are labels (8 columns of int32 at most) and headers.
    assert pixels < held <= pixels + size * 32 + 28


@pytest.mark.parametrize("name", ALL)
def test_a_data_set_loads(tiny, name):
    made = tiny(name)
    for data, split in zip(fl.load(name), ("train", "test"), strict=True):
        assert (data.name, data.split) == (name, split)
        assert data.images.dtype == torch.uint8
        assert data.labels.dtype == torch.int64
        np.testing.assert_array_equal(data.images.numpy(), made.images[split])
        np.testing.assert_array_equal(data.labels.numpy(), made.labels[split])
        assert data.classes == made.spec.classes
        assert [source.file for source in data.provenance] == list(made.spec.layout.members(split))
        assert all(len(source.sha256) == 64 for source in data.provenance)


@pytest.mark.parametrize("name", ALL)
def test_statistics_are_those_of_the_train_pixels(tiny, name):
    made = tiny(name)
    train, test = fl.load(name)
    pixels = made.images["train"].astype(np.float64) / 255
    np.testing.assert_allclose(train.mean, pixels.mean(axis=(0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(train.std, pixels.std(axis=(0, 2, 3)), rtol=1e-12)
    assert (train.mean, train.std) == (test.mean, test.std)


@pytest.mark.parametrize("name", ALL)
def test_every_data_set_does_what_all_do(tiny, name):
    tiny(name)
    train, _ = fl.load(name)
    again = pickle.loads(pickle.dumps(train))
    assert torch.equal(again.images, train.images)
    assert len(pickle.dumps(train)) < train.images.numel() / 2  # the pixels stayed in their file
    assert "data:image/png;base64," in train._repr_html_()
    images, labels = next(iter(torch.utils.data.DataLoader(train.as_torch(), batch_size=7)))
    assert images.shape == (7, *train.image_shape)
    assert labels.tolist() == train.labels[:7].tolist()
    table, target = train.X_y(dtype=np.uint8)
    assert table.shape == (len(train), np.prod(train.image_shape))
    assert target.tolist() == train.labels.tolist()
    rest, validation = train.canonical_split()
    assert len(rest) + len(validation) == len(train)
    assert np.from_dlpack(train.images).shape == train.images.shape


def test_emnist_is_upright_without_a_copy(tiny):
    tiny("emnist-letters")
    train, _ = fl.load("emnist", split="letters")
    # The files hold columns where we show rows: a step to the right is a step of a whole column there.
    assert train.images.squeeze(1).stride() == (784, 1, 28)


def test_emnist_letters_begin_at_zero(tiny):
    tiny("emnist-letters")
    train, _ = fl.load("emnist-letters")
    assert train.classes[train[0][1]] == "a"
    assert int(train.labels.min()) == 0


def test_emnist_letters_has_all_its_images():
    assert CATALOG["emnist-letters"].sizes == (124_800, 20_800)


def test_cifar100_has_coarse_labels(tiny):
    tiny("cifar100")
    train, _ = fl.load("cifar100")
    assert torch.equal(train.columns["coarse"], train.labels // 5)


def test_qmnist_has_its_columns(tiny):
    tiny("qmnist")
    train, _ = fl.load("qmnist", columns=["writer"])
    assert list(train.columns) == ["writer"]
    assert train.columns["writer"].tolist()[:3] == [1, 11, 21]


def test_the_list_names_every_data_set(data_home):
    rows = list_datasets()
    assert [row.name for row in rows] == list(CATALOG)
    assert not any(row.is_cached for row in rows)
    assert (rows[0].train_count, rows[0].test_count, rows[0].class_count) == (60_000, 10_000, 10)


def test_the_list_tells_what_is_cached(tiny):
    tiny("kmnist")
    fl.load("kmnist")
    assert [row.name for row in list_datasets() if row.is_cached] == ["kmnist"]


def test_mnist_is_as_published(mnist):
    train, test = mnist
    assert train.class_counts().tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert test.class_counts().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    statistics = pixel_statistics(train.images)
    assert train.mean == pytest.approx(statistics.mean, abs=5e-7)
    assert train.std == pytest.approx(statistics.std, abs=5e-7)


def test_fashion_mnist_is_as_published(needs_data):
    train, test = fl.load("fashion-mnist")
    assert train.class_counts().tolist() == [6000] * 10
    assert test.class_counts().tolist() == [1000] * 10
    statistics = pixel_statistics(train.images)
    assert train.mean == pytest.approx(statistics.mean, abs=5e-7)
    assert train.std == pytest.approx(statistics.std, abs=5e-7)
