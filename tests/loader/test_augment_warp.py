"""Affine and elastic warps against scipy, image by image (oracle)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage

from firstlight.loader import Augment, augment_images
from firstlight.loader._affine import affine_matrices, affine_places
from firstlight.loader._elastic import elastic_field, gaussian_matrix
from firstlight.loader._warp import warp_images


def smooth_pictures(count: int, height: int = 28, width: int = 28) -> torch.Tensor:
    noise = np.random.default_rng(0).uniform(0, 255, (count, 1, height, width))
    blurred = ndimage.gaussian_filter(noise, (0, 0, 1, 1))
    return torch.from_numpy((255 * (blurred - blurred.min()) / np.ptp(blurred)).astype(np.uint8))


def forward_matrix(degrees: float, scale: float, shear: float) -> np.ndarray:
    """Rotate after scale after shear, for (x, y) with y down, straight from the definitions."""
    angle, lean = math.radians(degrees), math.tan(math.radians(shear))
    rotate = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return rotate @ (scale * np.eye(2)) @ np.array([[1, -lean], [0, 1]])


def warped_by_scipy(image: np.ndarray, forward: np.ndarray, order: int = 1) -> np.ndarray:
    swap = np.array([[0, 1], [1, 0]])  # scipy's axes are (y, x)
    inverse = swap @ np.linalg.inv(forward) @ swap
    centre = (np.array(image.shape) - 1) / 2
    return ndimage.affine_transform(
        image.astype(float), inverse, centre - inverse @ centre, order=order, mode="grid-constant", cval=0
    )


SETTINGS = [
    (0, 1, 0),
    (10, 1, 0),
    (-35, 1, 0),
    (0, 1.3, 0),
    (0, 0.7, 0),
    (0, 1, 15),
    (20, 0.9, -10),
    (90, 1, 0),
]


@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 32)])
def test_affine_is_what_scipy_gives(height, width):
    images = smooth_pictures(len(SETTINGS), height, width)
    degrees, scale, shear = torch.tensor(SETTINGS, dtype=torch.float32).unbind(1)
    warped = warp_images(images, affine_places(affine_matrices(degrees, scale, shear), height, width))
    assert warped.dtype == torch.uint8
    assert warped.shape == images.shape
    for image, result, setting in zip(images, warped, SETTINGS, strict=True):
        expected = warped_by_scipy(image[0].numpy(), forward_matrix(*setting))
        assert np.abs(result[0].numpy() - expected).max() <= 0.51, setting


@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 32)])
def test_nearest_is_what_scipy_gives(height, width):
    images = smooth_pictures(len(SETTINGS), height, width)
    degrees, scale, shear = torch.tensor(SETTINGS, dtype=torch.float32).unbind(1)
    places = affine_places(affine_matrices(degrees, scale, shear), height, width)
    warped = warp_images(images, places, "nearest")
    # Half way between two pixels either is nearest, and the last bit decides.
    size = torch.tensor([width, height]).view(2, 1, 1)
    clears = (((places + 1) * size / 2 % 1).minimum(1 - (places + 1) * size / 2 % 1) > 1e-3).all(dim=1)
    assert clears.float().mean() > 0.9
    for image, result, setting, clear in zip(images, warped, SETTINGS, clears, strict=True):
        expected = warped_by_scipy(image[0].numpy(), forward_matrix(*setting), order=0)
        assert np.array_equal(result[0][clear].numpy(), expected[clear]), setting


def test_nearest_is_what_pillow_rotates():
    """The record's network was trained with Pillow's rotation."""
    images = smooth_pictures(5)
    for angle, image in zip([-20.0, -7.3, 1.1, 12.5, 19.9], images, strict=True):
        turn = affine_matrices(torch.tensor([angle]), torch.ones(1), torch.zeros(1))
        ours = warp_images(image[None], affine_places(turn, 28, 28), "nearest")[0, 0]
        theirs = Image.fromarray(image[0].numpy()).rotate(angle, Image.Resampling.NEAREST)
        assert np.mean(ours.numpy() != np.asarray(theirs)) < 0.01, angle


def test_nearest_invents_no_grey():
    images = (smooth_pictures(8) > 128).to(torch.uint8) * 255
    warped = augment_images(images, Augment(rotate=20, interpolation="nearest"), seed=0)
    assert set(warped.unique().tolist()) == {0, 255}
    assert not torch.equal(warped, images)
    smooth = augment_images(images, Augment(rotate=20), seed=0)
    assert len(smooth.unique()) > 100


def test_no_affine_is_bit_exact():
    images = torch.randint(0, 256, (20, 3, 28, 28), dtype=torch.uint8)
    one, zero = torch.ones(20), torch.zeros(20)
    places = affine_places(affine_matrices(zero, one, zero), 28, 28)
    assert torch.equal(warp_images(images, places), images)
    assert torch.equal(warp_images(images, places, "nearest"), images)


def test_a_quarter_turn_is_counter_clockwise():
    images = smooth_pictures(1)
    turn = affine_matrices(torch.tensor([90.0]), torch.ones(1), torch.zeros(1))
    assert torch.equal(warp_images(images, affine_places(turn, 28, 28)), images.rot90(1, (2, 3)))


def test_shear_leans_the_upper_end_to_the_right():
    bar = torch.zeros(1, 1, 28, 28, dtype=torch.uint8)
    bar[..., 4:24, 13:15] = 255
    lean = affine_matrices(torch.zeros(1), torch.ones(1), torch.tensor([20.0]))
    leaning = warp_images(bar, affine_places(lean, 28, 28))[0, 0].double()
    columns = torch.arange(28, dtype=torch.float64)
    upper, lower = leaning[5] @ columns / leaning[5].sum(), leaning[22] @ columns / leaning[22].sum()
    assert (upper - lower) / 17 == pytest.approx(math.tan(math.radians(20)), abs=0.02)


def test_elastic_noise_is_blurred_as_scipy_blurs_it():
    noise = 2 * torch.rand(5, 2, 28, 20, generator=torch.Generator().manual_seed(0)) - 1
    field = elastic_field(noise, alpha=34, sigma=4)
    expected = 34 * ndimage.gaussian_filter(noise.double().numpy(), (0, 0, 4, 4), mode="constant", truncate=4)
    np.testing.assert_allclose(field.numpy(), expected, atol=2e-5)


def test_alpha_0_moves_nothing():
    noise = 2 * torch.rand(5, 2, 28, 28, generator=torch.Generator().manual_seed(0)) - 1
    assert torch.count_nonzero(elastic_field(noise, alpha=0, sigma=4)) == 0


def test_a_wider_blur_gives_a_smoother_field():
    noise = 2 * torch.rand(50, 2, 28, 28, generator=torch.Generator().manual_seed(0)) - 1

    def roughness(sigma: float) -> float:
        field = elastic_field(noise, alpha=1, sigma=sigma)
        return float(field.diff(dim=-1).pow(2).mean() / field.pow(2).mean())

    rough = [roughness(sigma) for sigma in (0.5, 1, 2, 4)]
    assert rough == sorted(rough, reverse=True)
    # Neighbours of a field blurred by sigma correlate as exp(-1 / 4 sigma^2), so this is about 1 / 2 sigma^2.
    assert rough[-1] == pytest.approx(1 / 32, rel=0.2)


def test_the_blur_is_a_weighted_mean():
    weights = gaussian_matrix(41, 2.0)
    assert torch.equal(weights, weights.T)
    assert weights[20].sum() == pytest.approx(1, abs=1e-6)
    assert weights[0].sum() < 0.61, "outside counts as nothing"
