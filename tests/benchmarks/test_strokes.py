"""Drawings made by script. Kind: behaviour; the network that is shipped reads what Pillow draws of them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

import firstlight as fl
from benchmarks._strokes import MARGIN, SIDE, ScriptedDrawing, scripted_drawings


def test_the_same_seed_gives_the_same_drawings() -> None:
    assert scripted_drawings(20, seed=1) == scripted_drawings(30, seed=1)[:20]
    assert scripted_drawings(1, seed=1) != scripted_drawings(1, seed=2)
    assert [drawing.label for drawing in scripted_drawings(12, seed=0)] == [*range(10), 0, 1]


def test_they_lie_on_the_pad_and_differ() -> None:
    drawings = scripted_drawings(100, seed=3)
    for drawing in drawings:
        points = np.concatenate(drawing.strokes)
        assert points.min() >= MARGIN - 1
        assert points.max() <= SIDE - MARGIN + 30
    heights = [np.ptp(np.concatenate(drawing.strokes)[:, 1]) for drawing in drawings]
    assert min(heights) < 110
    assert max(heights) > 180


def test_they_are_digits() -> None:
    drawings = scripted_drawings(50, seed=4)
    read = fl.predict([picture(drawing) for drawing in drawings])
    right = sum(answer.text == str(drawing.label) for answer, drawing in zip(read, drawings, strict=True))
    assert right >= 48


def picture(drawing: ScriptedDrawing) -> Image.Image:
    paper = Image.new("L", (SIDE, SIDE), 255)
    for stroke in drawing.strokes:
        ImageDraw.Draw(paper).line(stroke, fill=0, width=round(2 * drawing.pen), joint="curve")
    return paper
