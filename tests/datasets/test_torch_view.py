"""The view for DataLoader. Oracle: the formula (x / 255 - mean) / std in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader


def test_items_are_normalised(small):
    image, label = small.as_torch()[5]
    wanted = (small.images[5].numpy() / 255 - 0.1) / 0.2
    np.testing.assert_allclose(image.numpy(), wanted, rtol=1e-5, atol=1e-6)
    assert (image.dtype, label) == (torch.float32, 2)


@pytest.mark.parametrize("transform", [None, lambda image: image.flip(-1).float()])
def test_many_items_are_the_single_ones(small, transform):
    view = small.as_torch(transform)
    assert len(view) == 12
    for (image, label), place in zip(view.__getitems__([7, 2]), [7, 2], strict=True):
        torch.testing.assert_close(image, view[place][0])
        assert label == view[place][1]


def test_a_transform_gets_the_uint8_image(small):
    image, _ = small.as_torch(lambda image: (image.dtype, tuple(image.shape)))[0]
    assert image == (torch.uint8, (1, 2, 3))


def test_data_loader_makes_batches(small):
    batches = list(DataLoader(small.as_torch(), batch_size=5))
    assert [tuple(images.shape) for images, _ in batches] == [(5, 1, 2, 3), (5, 1, 2, 3), (2, 1, 2, 3)]
    assert torch.cat([labels for _, labels in batches]).tolist() == small.labels.tolist()
