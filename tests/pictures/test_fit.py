"""From ink to 28 x 28 pixels. Oracle: MNIST's own test images; scipy's centre of mass; behaviour."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import firstlight as fl
from firstlight.pictures import find_digits
from firstlight.pictures._fit import FINE, centred_image, fine_mask

Array = np.ndarray[Any, Any]
COUNT, SCALE = 200, 8


@pytest.fixture(scope="module")
def digits() -> Array:
    """The first test images of MNIST."""
    _, test = fl.load("mnist")
    images: Array = test.images[:COUNT, 0].numpy()
    return images


def blot(seed: int, size: tuple[int, int]) -> Array:
    """One piece of ink of any shape."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random(size), 3)
    labels, _ = ndimage.label(noise > np.median(noise))
    mask: Array = labels == np.bincount(labels.ravel())[1:].argmax() + 1
    return mask


@pytest.mark.parametrize("size", [(90, 60), (40, 130), (200, 200), (31, 30)])
@pytest.mark.parametrize("seed", range(5))
def test_the_longest_side_has_20_pixels_and_the_centre_of_mass_is_in_the_middle(
    seed: int, size: tuple[int, int]
) -> None:
    mask = blot(seed, size)
    image = centred_image(mask)
    rows, columns = np.nonzero(image)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    height, width = (np.ptp(places) + 1 for places in np.nonzero(mask))
    assert (np.ptp(rows) + 1) / (np.ptp(columns) + 1) == pytest.approx(height / width, rel=0.12)
    assert ndimage.center_of_mass(image.astype(float)) == pytest.approx((14, 14), abs=0.55)


def test_a_lopsided_digit_never_leaves_the_image() -> None:
    mask = np.zeros((200, 100), dtype=bool)
    mask[:, :2] = True
    mask[:60] = True  # nearly all of it is at the top
    image = centred_image(mask)
    assert np.ptp(np.nonzero(image)[0]) + 1 == 20
    assert image.sum() / 255 == pytest.approx(mask.sum() / 100, rel=0.03)


def test_ink_that_fills_a_pixel_in_part_makes_it_grey() -> None:
    mask = np.zeros((140, 35), dtype=bool)
    mask[:, :35] = True  # 20 x 5 pixels
    assert sorted(set(centred_image(mask).ravel().tolist())) == [0, 255]
    mask[:70, 31:] = False
    assert {0, 255} < set(centred_image(mask).ravel().tolist())


def test_one_point_of_ink_fills_the_box() -> None:
    image = centred_image(np.ones((1, 1), dtype=bool))
    assert (image == 255).sum() == 400


@pytest.mark.parametrize("height", [8, 15, 40, 120, 121, 130, 150, 179, 250, 500, 1021])
def test_fine_masks_have_one_size(height: int) -> None:
    ink = np.zeros((height, height // 2), dtype=np.float32)
    ink[:, height // 4] = 1
    ink[[0, -1]] = 1
    mask = fine_mask(ink, 0.5)
    assert mask.shape == (20 * FINE + 16, round(height // 2 * 20 * FINE / height) + 16)
    assert not mask[:2].any()
    assert ndimage.label(mask)[1] == 1  # no thin line is lost
    assert np.ptp(np.nonzero(mask)[0]) + 1 == pytest.approx(20 * FINE, abs=4)


def test_a_small_digit_is_enlarged_without_stairs() -> None:
    y, x = np.mgrid[:16, :16]
    ring = (1.6 - np.abs(np.hypot(y - 7.5, x - 7.5) - 6)).clip(0, 1).astype(np.float32)
    mask = fine_mask(ring, 0.5)
    y, x = np.mgrid[: len(mask), : len(mask)]
    middle, pixel = (len(mask) - 1) / 2, 120 / 16
    exact = np.abs(np.hypot(y - middle, x - middle) / pixel - 6) < 1.1
    assert (mask != exact).sum() < 0.1 * exact.sum()


def on_canvas(image: Array) -> Array:
    """A digit as somebody might draw it: large, black on white, without any grey."""
    side = SCALE * 28
    large = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)) > 127
    page = np.full((400, 500), 255, dtype=np.uint8)
    page[100 : 100 + side, 130 : 130 + side][large] = 0
    return page


def least_apart(one: Array, other: Array) -> float:
    """Mean absolute difference, of 255, up to a shift by one pixel: so far may a centre of mass round apart."""
    shifts = product((-1, 0, 1), repeat=2)
    return min(float(np.abs(np.roll(one, by, axis=(0, 1)).astype(int) - other).mean()) for by in shifts)


def test_mnist_drawn_on_a_canvas_comes_back(digits: Array) -> None:
    found = [find_digits(on_canvas(image)).digits for image in digits]
    assert sum(len(one) == 1 for one in found) >= 0.97 * COUNT
    pairs = [(one[0].image, image) for one, image in zip(found, digits, strict=True) if len(one) == 1]
    apart = [least_apart(one, image) for one, image in pairs]
    others = [least_apart(one, image) for (one, _), (_, image) in pairwise(pairs)]
    assert np.median(apart) < 5
    assert np.quantile(apart, 0.95) < 12
    assert np.median(others) > 20
    in_place = [
        np.abs(one.astype(int) - image).mean() < least_apart(one, image) + 1e-9 for one, image in pairs
    ]
    assert np.mean(in_place) > 0.6


def test_mnist_as_it_is_comes_back(digits: Array) -> None:
    apart = [
        np.abs(found.digits[0].image.astype(int) - image).mean()
        for image in digits
        if len((found := find_digits(image)).digits) == 1
    ]
    assert len(apart) >= 0.95 * COUNT
    assert np.median(apart) < 12


def test_most_of_mnist_lies_as_fit_would_put_it(digits: Array) -> None:
    """The middle of a field of 28 is meant as pixel 14: that is where the centre of mass is in MNIST itself."""
    centres = np.array([ndimage.center_of_mass(image.astype(float)) for image in digits])
    assert np.abs(centres - 14).max() < 0.75
    assert centres.mean(axis=0) == pytest.approx((14, 14), abs=0.06)
