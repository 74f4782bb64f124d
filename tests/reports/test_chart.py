"""Behaviour: well-formed SVG with every point inside the frame, whatever the numbers."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from firstlight.reports._chart import HEIGHT, WIDTH, line_chart

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "points",
    [
        [(1.0, 0.5)],
        [(0.0, 0.0), (1.0, 0.0)],
        [(0.0, 2.3), (0.5, 0.3), (1.0, 0.25)],
        [(0.0, 1e-9), (1e6, 2e-9)],
        [(0.0, math.nan), (1.0, 3.0), (2.0, math.inf)],
        [],
    ],
)
def test_every_point_lies_in_the_frame(points: list[tuple[float, float]]) -> None:
    drawing = ElementTree.fromstring(line_chart({"a": points}, title="T", x_label="x"))
    line = next(element for element in drawing.iter() if element.tag.endswith("polyline"))
    places = [tuple(map(float, place.split(","))) for place in line.attrib["points"].split()]
    assert len(places) == sum(math.isfinite(y) for _, y in points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)


def test_ticks_are_round_and_percentages_are_written_so() -> None:
    text = str(line_chart({"a": [(0, 0.90), (4, 0.98)]}, title="Accuracy", x_label="epoch", percent=True))
    assert all(f">{share} %</text>" in text for share in (90, 92, 94, 96, 98))
    assert all(f">{epoch}</text>" in text for epoch in range(5))


def test_words_are_escaped() -> None:
    text = str(line_chart({"<b>": [(0, 1)]}, title="a & b", x_label="<script>"))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "a &amp; b" in text
