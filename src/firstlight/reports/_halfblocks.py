"""Images in the terminal: two pixels in each character, so that a 28x28 digit takes 14 lines.

A character cell is about twice as high as it is wide. "▀" paints its upper half in the foreground colour and
its lower half in the background colour, which makes two square pixels out of it. Without colour a cell is one
of a few shades, the mean of its two pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from firstlight._errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import UInt8
    from rich.style import Style
    from rich.text import Text
    from torch import Tensor

__all__ = ["half_blocks"]

SHADES = " ░▒▓█"
ASCII_SHADES = " .:-=+*#%@"
GAP = 2


class Cell(NamedTuple):
    """One character on the screen."""

    letter: str
    style: Style | None = None


Line = list[Cell]


def half_blocks(
    images: UInt8[Tensor, "n c h w"],
    captions: Sequence[str] = (),
    *,
    width: int = 80,
    colour: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Draw images side by side, each with its caption below, in as many rows as the width asks for.

    Does not scale: one pixel is one column and half a line, so a 28x28 image takes 28 columns and 14 lines.

    Parameters
    ----------
    images
        Grey (c = 1) or red, green, blue (c = 3).
    captions
        One for each image, or none at all. Cut where they are wider than the image.
    width
        Columns of the terminal. At least one image is put in each row, however narrow.
    colour
        False draws five shades, for a terminal without colours or for a file.
    ascii_only
        Without colour: shades out of characters that every encoding has.

    Returns
    -------
    rich.text.Text
        For rich's console, or ``.plain`` for the characters alone. No line break at the end.

    Raises
    ------
    UsageError
        The number of captions is not the number of images, or the images are neither grey nor coloured.

    Examples
    --------
    >>> import torch
    >>> image = torch.tensor([[[[255, 0, 255], [255, 0, 0]]]], dtype=torch.uint8)
    >>> print(half_blocks(image, ["L"], colour=False).plain)
    █ ▒
     L
    """
    _check(images, captions)
    shades = ASCII_SHADES if ascii_only else SHADES
    pixels = images.permute(0, 2, 3, 1).cpu().numpy()
    tiles = [_coloured(picture) if colour else _shaded(picture, shades) for picture in pixels]
    if captions:
        tiles = [[*tile, _caption(text, len(tile[0]))] for tile, text in zip(tiles, captions, strict=True)]
    columns = max(1, (width + GAP) // (images.shape[3] + GAP))
    rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
    return _text(line for row in rows for line in _side_by_side(row, spaced=row is not rows[-1]))


def _check(images: Tensor, captions: Sequence[str]) -> None:
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise UsageError(f"Images are uint8 [n, 1 or 3, height, width]; got {list(images.shape)}.")
    if captions and len(captions) != len(images):
        raise UsageError(f"Give one caption for each of the {len(images)} images; got {len(captions)}.")


def _coloured(picture: np.ndarray[Any, Any]) -> list[Line]:
    upper, lower = _halves(picture)
    return [
        [Cell("▀", _style(_colour(top), _colour(bottom))) for top, bottom in zip(*pair, strict=True)]
        for pair in zip(upper.tolist(), lower.tolist(), strict=True)
    ]


def _shaded(picture: np.ndarray[Any, Any], shades: str) -> list[Line]:
    upper, lower = _halves(picture)
    brightness = (upper.astype(int) + lower).mean(axis=2) / 2
    steps = (brightness * len(shades) / 256).astype(int)
    return [[Cell(shades[step]) for step in line] for line in steps.tolist()]


def _halves(picture: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Split the lines ``[h, w, c]`` into upper and lower ones; an odd last line is put over black."""
    upper, lower = picture[0::2], picture[1::2]
    if len(lower) < len(upper):
        import numpy as np

        lower = np.concatenate([lower, np.zeros_like(upper[:1])])
    return upper, lower


def _colour(channels: list[int]) -> tuple[int, int, int]:
    red, green, blue = channels if len(channels) == 3 else channels * 3
    return red, green, blue


@lru_cache(maxsize=4096)
def _style(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Style:
    from rich.color import Color
    from rich.style import Style

    return Style(color=Color.from_rgb(*top), bgcolor=Color.from_rgb(*bottom))


def _caption(text: str, width: int) -> Line:
    from rich.cells import cell_len, set_cell_size

    indent = max(0, (width - cell_len(text)) // 2)
    return [Cell(letter) for letter in set_cell_size(" " * indent + text, width)]


def _side_by_side(row: list[list[Line]], *, spaced: bool) -> Iterator[Iterable[Cell]]:
    gap = [Cell(" ")] * GAP
    for lines in zip(*row, strict=True):
        yield [*lines[0], *(cell for line in lines[1:] for cell in (*gap, *line))]
    if spaced:
        yield []


def _text(lines: Iterable[Iterable[Cell]]) -> Text:
    from rich.text import Text

    drawing = Text(no_wrap=True, overflow="crop")
    for number, line in enumerate(lines):
        drawing.append("\n" if number else "")
        runs = [
            (style, "".join(cell.letter for cell in run)) for style, run in groupby(line, lambda c: c.style)
        ]
        if runs and runs[-1][0] is None:
            runs[-1] = (None, runs[-1][1].rstrip())
        for style, letters in runs:
            drawing.append(letters, style)
    return drawing
