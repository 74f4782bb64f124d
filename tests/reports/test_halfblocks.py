"""Half blocks. Kind: oracle (the pixels themselves, read back from the drawing) and invariance."""

from __future__ import annotations

import io

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.reports import half_blocks


def random_images(n: int, c: int, h: int, w: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (n, c, h, w), dtype=torch.uint8, generator=generator)


def pixels_of(drawing: Text, height: int, width: int) -> list[list[tuple[int, int, int]]]:
    """Read one drawn image back from the colours of its cells: upper halves, then lower halves, line by line."""
    console = Console(color_system="truecolor", file=io.StringIO(), width=400)
    rows: list[list[tuple[int, int, int]]] = []
    for line in drawing.split("\n"):
        upper, lower = [], []
        for segment in line.render(console):
            for letter in segment.text:
                assert letter == "▀"
                assert segment.style is not None
                assert segment.style.color is not None
                assert segment.style.bgcolor is not None
                upper.append(tuple(segment.style.color.get_truecolor()))
                lower.append(tuple(segment.style.bgcolor.get_truecolor()))
        rows += [upper, lower]
    assert [len(row) for row in rows[:height]] == [width] * height
    return rows[:height]


@settings(max_examples=20, deadline=None)
@given(
    channels=st.sampled_from([1, 3]),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    seed=st.integers(0, 99),
)
def test_every_pixel_can_be_read_back(channels: int, height: int, width: int, seed: int) -> None:
    images = random_images(1, channels, height, width, seed)
    rows = pixels_of(half_blocks(images), height, width)
    wanted = images[0].expand(3, -1, -1).permute(1, 2, 0).tolist()
    assert rows == [[tuple(pixel) for pixel in row] for row in wanted]


@pytest.mark.parametrize(("height", "lines"), [(28, 14), (32, 16), (27, 14), (1, 1)])
def test_two_pixels_share_a_line(height: int, lines: int) -> None:
    drawing = half_blocks(random_images(1, 1, height, 28), colour=False)
    assert len(drawing.plain.split("\n")) == lines


@pytest.mark.parametrize(
    ("width", "in_a_row"), [(28, 1), (57, 1), (58, 2), (80, 2), (120, 4), (5, 1), (1000, 10)]
)
def test_rows_are_as_full_as_the_width_allows(width: int, in_a_row: int) -> None:
    drawing = half_blocks(random_images(10, 1, 28, 28), [str(n) for n in range(10)], width=width)
    rows = -(-10 // in_a_row)
    lines = drawing.plain.split("\n")
    assert len(lines) == rows * 15 + rows - 1
    assert max(map(len, lines)) == in_a_row * 28 + (in_a_row - 1) * 2
    captions = " ".join(lines[14::16])
    assert captions.split() == [str(n) for n in range(10)]


def test_captions_stand_in_the_middle_and_are_cut() -> None:
    images = random_images(2, 1, 2, 6)
    caption = half_blocks(images, ["ab", "a long name"], width=40).plain.split("\n")[-1]
    assert caption == "  ab    a long"


def test_wide_letters_keep_the_columns() -> None:
    lines = half_blocks(random_images(2, 1, 2, 6), ["お", "x"], width=40, colour=False).plain.split("\n")
    assert lines[-1] == "  お      x"  # the letter takes two columns: 2 + 2 + 2, gap of 2, 2 before x


def test_shades_follow_brightness() -> None:
    ramp = torch.arange(0, 256, dtype=torch.uint8).repeat(2, 1)[None, None]
    line = half_blocks(ramp, colour=False, width=300).plain
    assert [line.ljust(256).count(shade) for shade in " ░▒▓█"] == [52, 51, 51, 51, 51]
    plain = half_blocks(ramp, colour=False, ascii_only=True, width=300).plain
    assert plain.isascii()
    assert len(set(plain)) == 10


def test_an_odd_last_line_is_over_black() -> None:
    white = torch.full((1, 1, 1, 1), 255, dtype=torch.uint8)
    style = half_blocks(white).spans[0].style
    assert str(style) == "#ffffff on #000000"
    assert half_blocks(white, colour=False).plain == "▒"


def test_no_images_draw_nothing() -> None:
    assert half_blocks(torch.zeros(0, 1, 28, 28, dtype=torch.uint8)).plain == ""


@pytest.mark.parametrize("shape", [(1, 2, 4, 4), (4, 4), (1, 4, 4, 4)])
def test_what_is_no_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"\[n, 1 or 3, height, width\]"):
        half_blocks(torch.zeros(shape, dtype=torch.uint8))


def test_a_wrong_number_of_captions_is_refused() -> None:
    with pytest.raises(UsageError, match="one caption for each of the 2 images; got 1"):
        half_blocks(random_images(2, 1, 2, 2), ["one"])
