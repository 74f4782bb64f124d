"""Features of images, by behaviour and invariance: the same space for new images, nothing learnt from the test."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.neighbours import headless, learned_features, pixel_features


@pytest.fixture(scope="module")
def digits() -> tuple[fl.ImageDataset, fl.ImageDataset]:
    train, test = fl.load("mnist")
    return train[:1500], test[:200]


def test_pixel_features_are_the_components_of_scaled_pixels(
    digits: tuple[fl.ImageDataset, fl.ImageDataset],
) -> None:
    rows, space = pixel_features(*digits)
    assert rows.shape == (1700, 50)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(space.of(digits[1].images), rows[1500:], atol=1e-4)
    pixels = digits[0].images.flatten(1).numpy() / 255
    own = rows[:1500] - rows[:1500].mean(0)
    assert own.var(0).sum() <= pixels.var(0).sum()  # a projection keeps no more than there is
    assert own.var(0).sum() > 0.8 * pixels.var(0).sum()


def test_learned_features_part_the_classes_and_see_train_only(
    digits: tuple[fl.ImageDataset, fl.ImageDataset],
) -> None:
    train, test = digits
    rows, space = learned_features(train, test, epochs=2)
    other, _ = learned_features(train, test.replacing(images=255 - test.images), epochs=2)
    np.testing.assert_allclose(rows[:1500], other[:1500], atol=1e-4)  # the test images taught nothing
    np.testing.assert_allclose(space.of(test.images), rows[1500:], atol=1e-3)
    centres = np.stack([rows[:1500][train.labels.numpy() == digit].mean(0) for digit in range(10)])
    nearest = np.linalg.norm(rows[1500:, None] - centres, axis=2).argmin(1)
    assert (nearest == test.labels.numpy()).mean() > 0.8


def test_wrong_images_and_networks_are_refused(digits: tuple[fl.ImageDataset, fl.ImageDataset]) -> None:
    _, space = pixel_features(digits[1])
    with pytest.raises(UsageError, match=r"must be uint8 \[n, 1, 28, 28\]; got torch.uint8 \[2, 1, 14, 14\]"):
        space.of(torch.zeros(2, 1, 14, 14, dtype=torch.uint8))
    with pytest.raises(UsageError, match=r"got torch\.float32"):
        space.of(torch.zeros(2, 1, 28, 28))
    with pytest.raises(UsageError, match=r"ends in nn\.Linear; ReLU does not"):
        headless(nn.ReLU())
    with pytest.raises(UsageError, match="images of one shape"):
        pixel_features(digits[0], digits[0].replacing(images=digits[0].images[:, :, :14]))
    with pytest.raises(UsageError, match="are equal"):
        pixel_features(digits[1].replacing(images=torch.zeros_like(digits[1].images)))
