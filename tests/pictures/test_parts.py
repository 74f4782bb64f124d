"""Pieces of ink, sheets of paper, and which pieces make a digit (behaviour on drawings with a known answer)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from firstlight.pictures import Box
from firstlight.pictures._groups import group_parts
from firstlight.pictures._paper import find_paper
from firstlight.pictures._parts import Part, Parts, find_parts

Array = np.ndarray[Any, Any]


def page(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (200, 200)) -> Array:
    """Ink in rectangles: left, top, right, bottom."""
    mask = np.zeros(size, dtype=bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


def parts_of(mask: Array, links: Array | None = None) -> Parts:
    return find_parts(mask, mask if links is None else links)


def grouped(*boxes: tuple[int, int, int, int]) -> list[Box]:
    parts = tuple(Part(number, Box(*box), 100) for number, box in enumerate(boxes, start=1))
    return [group.box for group in group_parts(parts)]


def test_parts_are_found_largest_first() -> None:
    found = parts_of(page((20, 20, 30, 60), (60, 20, 90, 60)))
    assert [part.box for part in found.kept] == [Box(60, 20, 90, 60), Box(20, 20, 30, 60)]
    assert [part.area for part in found.kept] == [1200, 400]
    assert (found.specks, found.outside, found.meets_border) == (0, 0, False)


def test_corners_that_touch_are_connected() -> None:
    assert len(parts_of(page((20, 20, 40, 40), (40, 40, 60, 60))).kept) == 1


def test_specks_are_left_out_but_short_strokes_stay() -> None:
    found = parts_of(page((60, 20, 90, 120), (10, 10, 13, 13), (150, 150, 154, 152), (100, 30, 130, 32)))
    assert [part.box for part in found.kept] == [Box(60, 20, 90, 120), Box(100, 30, 130, 32)]
    assert found.specks == 2


def test_what_comes_in_from_outside_is_left_out_unless_there_is_nothing_else() -> None:
    shadow, digit = (150, 0, 200, 200), (60, 50, 80, 120)
    found = parts_of(page(shadow, digit))
    assert [part.box for part in found.kept] == [Box(*digit)]
    assert (found.outside, found.meets_border) == (1, False)
    alone = parts_of(page((0, 50, 20, 120)))
    assert (len(alone.kept), alone.outside, alone.meets_border) == (1, 0, True)
    # A speck is no reason to leave out a digit that is cut by the border.
    cut = parts_of(page((0, 40, 60, 160), (120, 120, 124, 124)))
    assert cut.meets_border


def test_faint_traces_connect_and_are_no_ink() -> None:
    mask = page((60, 20, 70, 80), (60, 100, 70, 160))
    links = mask | page((64, 80, 66, 100), (150, 20, 160, 30))
    found = parts_of(mask, links)
    assert [part.box for part in found.kept] == [Box(60, 20, 70, 160)]
    assert found.kept[0].area == mask.sum()
    assert len(parts_of(mask).kept) == 2


def test_no_ink_at_all() -> None:
    found = parts_of(page())
    assert found.kept == ()
    assert group_parts(found.kept) == ()


@pytest.mark.parametrize(
    ("boxes", "digits"),
    [
        ([(0, 0, 30, 100), (50, 0, 80, 100)], 2),
        ([(0, 0, 30, 100), (34, 0, 64, 100)], 2),  # close, but side by side
        ([(0, 0, 40, 60), (20, 20, 30, 100)], 1),  # the two strokes of a 4
        ([(10, 0, 60, 12), (0, 20, 50, 100)], 1),  # the bar of a 5, above
        ([(52, 0, 90, 14), (0, 8, 50, 100)], 1),  # the bar of a 5, beside
        ([(0, 0, 40, 48), (0, 53, 42, 100)], 1),  # an 8 in two halves
        ([(0, 0, 30, 100), (0, 160, 30, 260)], 2),  # one below the other
        ([(0, 0, 30, 100), (50, 90, 60, 108)], 1),  # a smear that lies near
        ([(0, 0, 30, 100), (150, 90, 160, 108)], 1),  # a comma far away is no digit
        ([(0, 0, 30, 100), (150, 60, 170, 100)], 2),  # a smaller digit is
    ],
)
def test_pieces_make_digits(boxes: list[tuple[int, int, int, int]], digits: int) -> None:
    assert len(grouped(*boxes)) == digits


def test_digits_come_in_reading_order() -> None:
    upper = [(10, 12, 40, 90), (60, 0, 90, 80), (110, 20, 140, 100)]
    lower = [(5, 130, 35, 210), (70, 140, 100, 220)]
    shuffled = [lower[1], upper[2], upper[0], lower[0], upper[1]]
    assert grouped(*shuffled) == [Box(*box) for box in (*upper, *lower)]


def test_a_line_that_climbs_is_one_line() -> None:
    climbing = [(40 * step, 100 - 15 * step, 40 * step + 25, 160 - 15 * step) for step in range(6)]
    assert grouped(*reversed(climbing)) == [Box(*box) for box in climbing]


def test_a_sheet_is_found_by_its_solid_shape() -> None:
    sheet = page((30, 40, 170, 160))
    sheet[80:120, 90:96] = False
    found = find_paper(sheet)
    assert found is not None
    assert 30 < found.left < 40
    assert 160 < found.right < 170


@pytest.mark.parametrize("kind", ["nothing", "blank sheet", "ring", "thick bar", "frame", "small sheet"])
def test_what_is_no_sheet(kind: str) -> None:
    y, x = np.mgrid[:200, :200]
    radius = np.hypot(y - 100, x - 100)
    small = page((90, 90, 140, 140))
    small[100:120, 110:114] = False
    frame = page((20, 20, 180, 180))
    frame[40:160, 40:160] = False
    masks = {
        "nothing": page(),
        "blank sheet": page((30, 40, 170, 160)),
        "ring": (radius < 90) & (radius > 25),
        "thick bar": page((60, 10, 140, 190)),
        "frame": frame,
        "small sheet": small,
    }
    assert find_paper(masks[kind]) is None
