"""From colours, transparency and size to brightness (behaviour; Pillow's own grey is the oracle for photos)."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from firstlight.pictures._grey import to_grey
from firstlight.pictures._pixels import WORKING_SIDE, Pixels


def grey(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return to_grey(Pixels(values, (values.shape[1], values.shape[0]), "a test"))


def painted(ink: tuple[int, ...], paper: tuple[int, ...]) -> np.ndarray[Any, Any]:
    values = np.empty((40, 40, len(ink)), dtype=np.uint8)
    values[:] = paper
    values[10:30, 18:22] = ink
    return values


def test_colours_become_luminance() -> None:
    random = np.random.default_rng(0)
    base = random.integers(0, 256, (30, 20, 1))
    values = (base + random.integers(-20, 20, (30, 20, 3))).clip(0, 255).astype(np.uint8)
    expected = np.asarray(Image.fromarray(values).convert("L")) / 255
    np.testing.assert_allclose(grey(values), expected, atol=0.004)


def test_colours_of_one_luminance_are_told_apart() -> None:
    red_on_green = painted((200, 60, 60), (60, 132, 60))
    luminance = red_on_green @ np.array([0.299, 0.587, 0.114])
    assert np.ptp(luminance) < 3  # nothing could be read in it
    values = grey(red_on_green)
    assert np.ptp(values) == 1
    assert len(np.unique(values.round(3))) == 2


def test_what_is_transparent_becomes_what_ink_stands_out_from() -> None:
    black = grey(painted((0, 0, 0, 255), (0, 0, 0, 0)))
    white = grey(painted((255, 255, 255, 255), (255, 255, 255, 0)))
    assert (black[0, 0], black[20, 20]) == (1, 0)
    assert (white[0, 0], white[20, 20]) == (0, 1)
    half = grey(painted((0, 128), (0, 0)))
    np.testing.assert_allclose(half[20, 20], 1 - 128 / 255, atol=1e-6)
    assert np.isfinite(grey(np.zeros((5, 5, 4), dtype=np.uint8))).all()


def test_large_pictures_are_averaged_to_a_workable_size() -> None:
    values = np.zeros((500, 3 * WORKING_SIDE - 10, 1), dtype=np.uint8)
    values[:, 1::3] = 255
    small = grey(values)
    assert small.shape == (-(-500 // 3), WORKING_SIDE - 3)
    np.testing.assert_allclose(small[5:-5, 5:-5], 1 / 3, atol=0.01)
    exact = np.zeros((8, WORKING_SIDE, 1), dtype=np.uint8)
    assert grey(exact).shape == (8, WORKING_SIDE)


def test_one_pixel() -> None:
    assert grey(np.full((1, 1, 3), 7, dtype=np.uint8)).shape == (1, 1)
