"""Width of strokes. Oracle: bars and rings of a known width; MNIST's own images; behaviour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from firstlight.pictures._stroke import THICK, THIN, stroke_width, with_usual_stroke

Array = np.ndarray[Any, Any]


def ring(width: float, *, radius: float = 60, side: int = 200) -> Array:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    drawn: Array = np.abs(np.hypot(y, x) - radius) < width / 2
    return drawn


@pytest.mark.parametrize("width", [6, 10, 16, 25])
def test_the_width_of_a_ring_is_measured(width: int) -> None:
    assert stroke_width(ring(width)) == pytest.approx(width, abs=1)


def test_nothing_has_no_width() -> None:
    assert stroke_width(np.zeros((5, 5), dtype=bool)) == 0


@pytest.mark.parametrize(("width", "expected"), [(5, 6 * THIN), (9, 6 * THIN), (16, 16), (26, 6 * THICK), (32, 6 * THICK)])  # fmt: skip
def test_a_stroke_is_brought_to_a_usual_width(width: float, expected: float) -> None:
    drawn = ring(width)
    stroke = with_usual_stroke(drawn, pixel=6)
    assert stroke.width_before == pytest.approx(width, abs=1)
    assert stroke_width(stroke.mask) == pytest.approx(expected, abs=1.5)
    middle = np.abs(np.hypot(*(np.mgrid[:200, :200] - 99.5)) - 60) < 1
    assert stroke.mask[middle].all()  # the stroke stays where it was


def test_a_usual_stroke_is_left_as_it_is() -> None:
    drawn = ring(16)
    np.testing.assert_array_equal(with_usual_stroke(drawn, pixel=6).mask, drawn)


def test_a_digit_that_is_thick_in_one_place_keeps_its_thin_strokes() -> None:
    drawn = np.zeros((160, 160), dtype=bool)
    drawn[20:80, 20:80] = True
    drawn[46:50, 80:140] = True
    mask = with_usual_stroke(drawn, pixel=6).mask
    assert mask.sum() >= 0.45 * drawn.sum()
    assert mask.sum() < drawn.sum()


def test_thickening_closes_no_loop_that_was_wide() -> None:
    thin = with_usual_stroke(ring(3, radius=30), pixel=6).mask
    assert ndimage.label(~thin)[1] == 2
