"""Pixel statistics. Oracle: NumPy's mean and std in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from firstlight.datasets import pixel_statistics


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
