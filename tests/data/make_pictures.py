"""Draw the pictures that the tests of `firstlight predict` read; run it to draw them again.

``python tests/data/make_pictures.py``. Each digit is a stroke through a few points, drawn by Pillow with a pen
that wobbles; no font is used. What is to be read in each picture is in `EXPECTED`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parent / "pictures"
EXPECTED = {
    "pen-on-paper.jpg": "5",  # uneven light, the shadow of a hand, grain
    "chalk.png": "2",  # white on black
    "transparent.png": "3",  # black ink on nothing
    "turned.jpg": "7",  # lies on its side; EXIF says how to turn it
    "three-in-a-row.png": "407",
    "two-lines.png": "1698",  # 16 above 98
    "tiny.png": "6",  # 16 pixels high
    "sheet-on-table.jpg": "84",  # a white sheet, tilted, on dark wood
}
EXIF_ORIENTATION = 0x0112

# Points of each stroke in a box one unit high, x to the right and y down; a smooth curve goes through them.
STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.3, 0.0), (0.05, 0.3), (0.08, 0.75), (0.3, 1.0), (0.55, 0.75), (0.56, 0.3), (0.32, 0.0)]],
    "1": [[(0.1, 0.2), (0.28, 0.0), (0.26, 0.5), (0.24, 1.0)]],
    "2": [[(0.05, 0.22), (0.28, 0.0), (0.55, 0.2), (0.4, 0.55), (0.05, 1.0)], [(0.05, 1.0), (0.62, 0.96)]],
    "3": [
        [(0.06, 0.12), (0.3, 0.0), (0.52, 0.2), (0.25, 0.46)],
        [(0.25, 0.46), (0.58, 0.68), (0.4, 0.97), (0.04, 0.9)],
    ],
    "4": [[(0.3, 0.0), (0.04, 0.6), (0.6, 0.6)], [(0.46, 0.3), (0.44, 1.0)]],
    "5": [
        [(0.54, 0.02), (0.12, 0.03)],
        [(0.12, 0.03), (0.08, 0.45)],
        [(0.08, 0.45), (0.42, 0.42), (0.55, 0.72), (0.35, 0.98), (0.04, 0.9)],
    ],
    "6": [[(0.45, 0.0), (0.12, 0.4), (0.06, 0.8), (0.3, 1.0), (0.52, 0.8), (0.4, 0.56), (0.1, 0.7)]],
    "7": [[(0.04, 0.04), (0.3, 0.05), (0.58, 0.02)], [(0.58, 0.02), (0.35, 0.5), (0.24, 1.0)]],
    "8": [
        [
            (0.5, 0.12), (0.28, 0.0), (0.1, 0.2), (0.32, 0.48), (0.54, 0.76), (0.3, 1.0), (0.06, 0.78),
            (0.3, 0.48), (0.52, 0.24), (0.5, 0.12),
        ]
    ],
    "9": [[(0.54, 0.25), (0.3, 0.0), (0.08, 0.25), (0.26, 0.5), (0.54, 0.25), (0.5, 0.6), (0.42, 1.0)]],
}  # fmt: skip


def curve(points: list[tuple[float, float]], *, steps: int = 24) -> np.ndarray[Any, Any]:
    """Return a Catmull-Rom curve through the points."""
    given = np.array(points)
    ends = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    parts = []
    for before, start, stop, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        t = np.linspace(0, 1, steps)[:, None]
        parts.append(
            0.5
            * (
                2 * start
                + (stop - before) * t
                + (2 * before - 5 * start + 4 * stop - after) * t**2
                + (3 * start - before - 3 * stop + after) * t**3
            )
        )
    return np.vstack(parts)


def write(
    size: tuple[int, int], text: str, *, left: float, top: float, height: float, pen: float, seed: int = 0
) -> np.ndarray[Any, Any]:
    """Return how much ink is on each pixel of a page, 0 to 1, with the digits of ``text`` side by side."""
    random = np.random.default_rng(seed)
    page = Image.new("L", (2 * size[0], 2 * size[1]))  # twice as large, so that edges come out smooth
    draw = ImageDraw.Draw(page)
    for number, letter in enumerate(text):
        for stroke in STROKES[letter]:
            path = curve(stroke) * height + (left + 0.85 * height * number, top)
            path = path + np.cumsum(random.normal(0, 0.0015 * height, path.shape), axis=0)
            for x, y in 2 * path:
                radius = pen * random.uniform(0.9, 1.1)
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(page.resize(size, Image.Resampling.BOX)) / 255


def paper(size: tuple[int, int], seed: int, *, grain: float) -> np.ndarray[Any, Any]:
    """Return paper in uneven light with a shadow in one corner, 0 to 1."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    light = 0.9 - 0.3 * x + 0.1 * y
    shadow = np.where(x + 0.6 * y > 1.15, 0.62, 1.0)
    soft = Image.fromarray((255 * shadow).astype(np.uint8)).filter(ImageFilter.GaussianBlur(size[0] / 60))
    return light * np.asarray(soft) / 255 + random.normal(0, grain, light.shape)


def as_image(values: np.ndarray[Any, Any]) -> Image.Image:
    """Return brightness from 0 to 1 as a picture."""
    return Image.fromarray((255 * values.clip(0, 1)).round().astype(np.uint8))


def pen_on_paper() -> Image.Image:
    """Blue ink in uneven light."""
    size = (320, 400)
    ink = write(size, "5", left=120, top=90, height=190, pen=5, seed=1)
    page = paper(size, 1, grain=0.012)
    channels = [page * (1 - swallowed * ink) for swallowed in (0.85, 0.75, 0.4)]
    return Image.merge("RGB", [as_image(channel) for channel in channels])


def chalk() -> Image.Image:
    """White on black, broad."""
    return as_image(0.08 + 0.85 * write((200, 200), "2", left=60, top=40, height=120, pen=9, seed=2))


def transparent() -> Image.Image:
    """Black ink on nothing."""
    ink = as_image(write((160, 160), "3", left=50, top=25, height=110, pen=4, seed=3))
    return Image.merge("LA", [Image.new("L", ink.size), ink])


def turned() -> Image.Image:
    """A seven that lies on its side."""
    ink = write((240, 180), "7", left=90, top=40, height=100, pen=4, seed=4)
    return as_image(0.9 - 0.75 * ink).transpose(Image.Transpose.ROTATE_90)


def in_a_row() -> Image.Image:
    """Three digits."""
    return as_image(0.95 - 0.85 * write((360, 150), "407", left=40, top=30, height=90, pen=3.5, seed=5))


def two_lines() -> Image.Image:
    """Two digits above two others."""
    size = (260, 280)
    upper = write(size, "16", left=60, top=30, height=80, pen=3, seed=6)
    lower = write(size, "98", left=55, top=160, height=85, pen=3, seed=7)
    return as_image(0.97 - 0.9 * np.maximum(upper, lower))


def tiny() -> Image.Image:
    """A six, 16 pixels high."""
    return as_image(1 - write((20, 24), "6", left=4, top=4, height=16, pen=1, seed=8))


def sheet_on_table() -> Image.Image:
    """A tilted sheet of paper on dark wood, as from a telephone."""
    size = (1600, 1200)
    ink = write(size, "84", left=620, top=450, height=260, pen=7, seed=9)
    page = as_image(paper(size, 2, grain=0.004) * (1 - 0.8 * ink))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rectangle((320, 240, 1300, 980), fill=255)
    turn = {"angle": 4, "resample": Image.Resampling.BICUBIC}
    x = np.linspace(0, 60, size[0])
    wood = as_image(np.tile(0.22 + 0.03 * np.sin(x + 2 * np.sin(x / 7)), (size[1], 1)))
    return Image.composite(page.rotate(**turn), wood, mask.rotate(**turn))


def main(folder: Path = FOLDER) -> None:
    """Write all pictures."""
    folder.mkdir(exist_ok=True)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6  # to be seen upright, turn it clockwise
    pen_on_paper().save(folder / "pen-on-paper.jpg", quality=60)
    chalk().save(folder / "chalk.png", optimize=True)
    transparent().save(folder / "transparent.png", optimize=True)
    turned().save(folder / "turned.jpg", quality=70, exif=exif)
    in_a_row().save(folder / "three-in-a-row.png", optimize=True)
    two_lines().save(folder / "two-lines.png", optimize=True)
    tiny().save(folder / "tiny.png", optimize=True)
    sheet_on_table().save(folder / "sheet-on-table.jpg", quality=40)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
