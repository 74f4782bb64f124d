"""Pixel statistics. Oracle: NumPy's mean and std in float64, and the real pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import UnknownNameError
from firstlight.datasets import dataset_statistics, pixel_statistics


@pytest.mark.parametrize("shape", [(1, 1, 1, 2), (700, 3, 4, 5), (1025, 1, 7, 7)])
def test_agrees_with_numpy(shape):
    images = torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    found = pixel_statistics(images)
    scaled = images.numpy() / 255
    np.testing.assert_allclose(found.mean, scaled.mean(axis=(0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(found.std, scaled.std(axis=(0, 2, 3)), rtol=1e-9)


def test_is_the_same_for_any_memory_layout_and_order():
    images = torch.randint(
        0, 256, (600, 1, 6, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(2)
    )
    assert (
        pixel_statistics(images)
        == pixel_statistics(images.transpose(2, 3))
        == pixel_statistics(images.flip(0))
    )


def test_a_flat_channel_can_be_divided_by():
    assert pixel_statistics(torch.full((3, 1, 2, 2), 255, dtype=torch.uint8)).std == (1.0,)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_what_is_known_beforehand_is_what_the_real_pixels_have(name, request):
    if name != "mnist":
        request.getfixturevalue("needs_data")
    known, (train, test) = dataset_statistics(name), fl.load(name)
    found = pixel_statistics(train.images)
    assert known is not None
    assert known.mean == tuple(round(value, 6) for value in found.mean)
    assert known.std == tuple(round(value, 6) for value in found.std)
    assert (train.mean, train.std) == (test.mean, test.std) == (known.mean, known.std)


def test_known_statistics_have_one_number_a_channel():
    known = {name: dataset_statistics(name) for name in ("mnist", "kmnist", "emnist-letters", "cifar10")}
    assert [statistics and len(statistics.mean) for statistics in known.values()] == [1, None, None, 3]
    with pytest.raises(UnknownNameError, match="Did you mean 'mnist'"):
        dataset_statistics("mnits")
