"""What makes an answer doubtful: each warning on a picture that deserves it, none on one that does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from firstlight.pictures import find_digits

Array = np.ndarray[Any, Any]


def page(
    *bars: tuple[int, int, int, int], size: tuple[int, int] = (200, 200), ink: int = 20, paper: int = 240
) -> Array:
    """Ink in rectangles: left, top, right, bottom."""
    drawn = np.full(size, paper, dtype=np.uint8)
    for left, top, right, bottom in bars:
        drawn[top:bottom, left:right] = ink
    return drawn


ONE = (92, 40, 106, 160)
SPECKS = ((30, 30, 33, 33), (150, 60, 153, 63))


def smeared() -> Array:
    blurred: Array = ndimage.gaussian_filter(page(ONE).astype(np.float32), 14).round().astype(np.uint8)
    return blurred


def many() -> Array:
    return page(*((10 + 25 * x, 10 + 40 * y, 15 + 25 * x, 35 + 40 * y) for x in range(7) for y in range(3)))


def noisy() -> Array:
    noise = 12 * np.random.default_rng(0).standard_normal((200, 200))
    drawn: Array = (page(ONE, ink=170) + noise).clip(0, 255).round().astype(np.uint8)
    return drawn


PICTURES: dict[str, tuple[Array, str]] = {
    "blank": (page(), "Nothing was found: the picture is blank, or its contrast is too low (0.0 % of the"),
    "nearly blank": (page(ONE, ink=237), "Nothing was found: the picture is blank, or its contrast is too low"),
    "cut off": (page((92, 0, 106, 120)), "The digit touches the border of the picture: it may be cut off."),
    "many": (many(), "21 pieces were taken for digits. Is this a picture of handwriting?"),
    "several": (page(ONE, (140, 40, 154, 160)), "Several digits were found, 2; they are read line by line"),
    "pale": (page(ONE, ink=223), "Very low contrast: ink and background differ by 7 % of the range."),
    "tiny": (page((10, 8, 12, 18), size=(30, 24)), "Tiny: a digit is less than 12 pixels high and wide."),
    "blurred": (smeared(), "Blurred: the strokes have no clear edge."),
    "finger": (page(ONE, (0, 60, 30, 120)), "Left out: 1 piece that came in from the border of the picture."),
    "fingers": (
        page(ONE, (0, 60, 30, 120), (170, 180, 200, 200)),
        "Left out: 2 pieces that came in from the border of the picture.",
    ),
    "speck": (page(ONE, SPECKS[0]), "Left out: 1 speck."),
    "specks": (page(ONE, *SPECKS), "Left out: 2 specks."),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_each_warning_is_given_where_it_is_deserved(name: str) -> None:
    picture, expected = PICTURES[name]
    (warning,) = find_digits(picture).warnings
    assert warning.startswith(expected)


@pytest.mark.parametrize("ink", [20, 120, 200])
@pytest.mark.parametrize("size", [(200, 200), (300, 220)])
def test_a_clean_picture_has_none(size: tuple[int, int], ink: int) -> None:
    assert find_digits(page(ONE, size=size, ink=ink)).warnings == ()
    assert find_digits(page(ONE, size=size, ink=255 - ink, paper=10)).warnings == ()


def test_ink_that_hardly_stands_out_from_noise_is_of_low_contrast() -> None:
    found = find_digits(noisy())
    assert found.warnings == ()
    faint = np.clip(noisy().astype(float) * 0.2 + 150, 0, 255).astype(np.uint8)
    assert find_digits(faint).warnings[0].startswith("Very low contrast")


def test_the_gravest_comes_first() -> None:
    drawn = page((92, 0, 106, 120), (140, 0, 154, 120), (30, 60, 32, 62), ink=222)
    starts = [warning.split(":")[0] for warning in find_digits(drawn).warnings]
    assert starts == [
        "The digit touches the border of the picture", "Several digits were found, 2; they are read line by line, "
        "from left to right.", "Very low contrast", "Left out",
    ]  # fmt: skip
