"""From a picture to its digits. Oracle: where the samples' digits were drawn; invariance; behaviour."""

from __future__ import annotations

import runpy
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from firstlight.pictures import Box, Findings, find_digits

DATA = Path(__file__).parents[1] / "data"
DRAWN = runpy.run_path(str(DATA / "make_pictures.py"))
EXPECTED: dict[str, str] = DRAWN["EXPECTED"]
EVEN = ("chalk.png", "three-in-a-row.png", "two-lines.png")  # in even light, no transparency, large enough

# What `make_pictures` gave to `write`, line by line: text, left, top, height, pen.
Line = tuple[str, float, float, float, float]
WRITTEN: dict[str, tuple[tuple[int, int], list[Line]]] = {
    "pen-on-paper.jpg": ((320, 400), [("5", 120, 90, 190, 5)]),
    "chalk.png": ((200, 200), [("2", 60, 40, 120, 9)]),
    "transparent.png": ((160, 160), [("3", 50, 25, 110, 4)]),
    "turned.jpg": ((240, 180), [("7", 90, 40, 100, 4)]),
    "three-in-a-row.png": ((360, 150), [("407", 40, 30, 90, 3.5)]),
    "two-lines.png": ((260, 280), [("16", 60, 30, 80, 3), ("98", 55, 160, 85, 3)]),
    "tiny.png": ((20, 24), [("6", 4, 4, 16, 1)]),
    "sheet-on-table.jpg": ((1600, 1200), [("84", 620, 450, 260, 7)]),
}
SHIFTS = tuple(product((-1, 0, 1), repeat=2))
TILTED = {"sheet-on-table.jpg": 4.0}  # degrees, counterclockwise


def drawn_boxes(name: str) -> list[Box]:
    """Where the digits are, but for the wobble of the hand."""
    size, lines = WRITTEN[name]
    turn = np.radians(TILTED.get(name, 0.0))
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array(size) / 2
    boxes = []
    for text, left, top, height, pen in lines:
        for number, letter in enumerate(text):
            points = np.vstack([DRAWN["curve"](stroke) for stroke in DRAWN["STROKES"][letter]])
            placed = (points * height + (left + 0.85 * height * number, top) - middle) @ matrix.T + middle
            low, high = placed.min(axis=0) - pen, placed.max(axis=0) + pen
            boxes.append(Box(*map(round, (*low, *high))))
    return boxes


def share(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(0, across) * max(0, down)
    return common / (one.width * one.height + other.width * other.height - common)


def grey(name: str) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(DATA / "pictures" / name).convert("L"))


def difference(one: Findings, other: Findings) -> float:
    """The largest mean absolute difference, of 255, between digits of two pictures.

    Up to a shift by one pixel: where a centre of mass lies half-way, the least change moves the whole digit.
    """
    pairs = zip(one.digits, other.digits, strict=True)
    return max(min(map(partial(apart, a.image.astype(int), b.image), SHIFTS)) for a, b in pairs)


def apart(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], shift: tuple[int, int]) -> float:
    return float(np.abs(one - np.roll(other, shift, axis=(0, 1))).mean())


@pytest.mark.parametrize("name", EXPECTED)
def test_each_digit_of_a_sample_is_found_where_it_was_drawn_in_reading_order(name: str) -> None:
    found = find_digits(DATA / "pictures" / name)
    assert found.size == WRITTEN[name][0]
    assert len(found.digits) == len(EXPECTED[name])
    for digit, drawn in zip(found.digits, drawn_boxes(name), strict=True):
        assert share(digit.box, drawn) > 0.75, (digit.box, drawn)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_digit_has_the_form_of_the_data_set(name: str) -> None:
    for digit in find_digits(DATA / "pictures" / name).digits:
        assert (digit.image.shape, digit.image.dtype) == ((28, 28), np.uint8)
        rows, columns = np.nonzero(digit.image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        weights = digit.image[rows, columns].astype(float)
        for places in (rows, columns):
            assert np.average(places, weights=weights) == pytest.approx(14, abs=0.55)
        assert digit.image.max() == 255
        assert 0.3 < digit.stroke_width < 6


def test_all_samples_are_here() -> None:
    assert {path.name for path in (DATA / "pictures").iterdir()} == set(EXPECTED) == set(WRITTEN)


@pytest.mark.parametrize("name", EVEN)
def test_dark_on_light_is_light_on_dark(name: str) -> None:
    plain, other = find_digits(grey(name)), find_digits(255 - grey(name))
    assert [digit.box for digit in other.digits] == [digit.box for digit in plain.digits]
    assert difference(plain, other) < 2
    both = {"dark ink on light" in plain.done, "dark ink on light" in other.done}
    assert both == {True, False}


@pytest.mark.parametrize("name", EVEN)
@pytest.mark.parametrize("factor", [0.5, 1.7, 3, 9])
def test_the_size_of_the_picture_does_not_matter(name: str, factor: float) -> None:
    picture = Image.fromarray(grey(name))
    plain = find_digits(picture)
    size = tuple(round(factor * side) for side in picture.size)
    other = find_digits(picture.resize(size, Image.Resampling.BICUBIC))
    assert other.size == size
    assert len(other.digits) == len(plain.digits)
    assert difference(plain, other) < 12
    for one, two in zip(plain.digits, other.digits, strict=True):
        scaled = Box(*(round(factor * side) for side in one.box))
        assert share(two.box, scaled) > 0.85


@pytest.mark.parametrize("name", EVEN)
def test_where_the_digits_lie_does_not_matter(name: str) -> None:
    page = grey(name)
    plain = find_digits(page)
    other = find_digits(np.pad(page, ((7, 20), (33, 2)), mode="edge"))
    assert [digit.box for digit in other.digits] == [digit.box.moved(33, 7) for digit in plain.digits]
    assert difference(plain, other) < 1


@pytest.mark.parametrize("name", EVEN)
def test_pale_ink_is_as_good(name: str) -> None:
    pale = (100 + 0.3 * grey(name)).round().astype(np.uint8)
    assert difference(find_digits(grey(name)), find_digits(pale)) < 10


def test_a_sheet_is_told_from_the_table() -> None:
    name = "sheet-on-table.jpg"
    whole = find_digits(DATA / "pictures" / name)
    assert "a sheet in it" in whole.done
    cut = find_digits(grey(name)[400:800, 560:1150])
    assert "a sheet" not in cut.done
    assert len(whole.digits) == len(cut.digits) == 2


@pytest.mark.parametrize(("name", "digits"), [("chalk.png", ["digit"]), ("three-in-a-row.png", ["digit 1", "digit 2", "digit 3"])])  # fmt: skip
def test_steps_are_named_and_shaped(name: str, digits: list[str]) -> None:
    assert find_digits(DATA / "pictures" / name).steps == ()
    found = find_digits(DATA / "pictures" / name, steps=True)
    names = [step.name for step in found.steps]
    assert names == ["brightness", "background", "ink", "digits' strokes", *digits]
    page = grey(name)
    for step in found.steps[:2]:
        assert step.image.shape == page.shape
    assert all(step.image.dtype == np.uint8 for step in found.steps)
    brightness, background, ink, strokes, *last = (step.image for step in found.steps)
    np.testing.assert_array_equal(brightness, page)
    assert len(np.unique(background)) == 1
    assert set(np.unique(strokes)) <= {0, 90, 255}
    assert ink[strokes == 255].min() > 120
    for image, digit in zip(last, found.digits, strict=True):
        np.testing.assert_array_equal(image, digit.image)


def test_what_was_left_out_stays_visible_among_the_steps() -> None:
    page = np.full((200, 200), 255, dtype=np.uint8)
    page[40:160, 90:110] = 0
    page[20:23, 20:23] = 0
    strokes = find_digits(page, steps=True).steps[3].image
    assert (strokes[100, 100], strokes[21, 21], strokes[0, 0]) == (255, 90, 0)


def test_it_says_what_was_done() -> None:
    done = find_digits(DATA / "pictures" / "three-in-a-row.png").done
    assert done.startswith("360 x 150 pixels; dark ink on light; digits in boxes of ")
    assert done.endswith("; each brought to 28 x 28 as MNIST's were.")
    large = np.full((1500, 3000), 200, dtype=np.uint8)
    assert find_digits(large).done == "3000 x 1500 pixels, looked at with 1024 a side."


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 2), (300, 200)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_where_there_is_nothing_nothing_is_found(size: tuple[int, int], value: int) -> None:
    found = find_digits(np.full(size, value, dtype=np.uint8), steps=True)
    assert found.digits == ()
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("Nothing was found: the picture is blank")
    assert len(found.steps) == 4


@pytest.mark.parametrize("shape", [(28, 28), (60, 45, 3), (1, 400), (90, 2), (31, 31, 4)])
@pytest.mark.parametrize("seed", range(4))
def test_noise_is_answered_whatever_it_looks_like(shape: tuple[int, ...], seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    found = find_digits(noise, steps=True)
    for digit in found.digits:
        assert 0 <= digit.box.left < digit.box.right <= shape[1]
        assert 0 <= digit.box.top < digit.box.bottom <= shape[0]
        assert digit.image.any()
    assert found.warnings
