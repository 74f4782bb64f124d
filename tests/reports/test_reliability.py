"""Behaviour: well-formed SVG with a point in the frame for each bin, at the place that its numbers name."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import torch

from firstlight.evaluation import calibration
from firstlight.reports._chart import BOTTOM, LEFT, TOP, WIDTH
from firstlight.reports._reliability import HEIGHT, RIGHT, reliability_diagram

SVG = "{http://www.w3.org/2000/svg}"


def test_points_stand_where_their_numbers_say() -> None:
    random = torch.Generator().manual_seed(0)
    logits, labels = torch.randn(300, 3, generator=random), torch.randint(0, 3, (300,), generator=random)
    series = {"as it is": calibration(logits, labels), "scaled": calibration(3 * logits, labels)}
    drawing = ElementTree.fromstring(reliability_diagram(series))
    for mark, name in (("circle", "as it is"), ("rect", "scaled")):
        found = [element for element in drawing.iter() if element.tag.endswith(mark)]
        assert len(found) == len(series[name].bins)
    circles = [element for element in drawing.iter() if element.tag.endswith("circle")]
    for circle, part in zip(circles, series["as it is"].bins, strict=True):
        right, up = WIDTH - RIGHT - LEFT, HEIGHT - BOTTOM - TOP
        assert float(circle.attrib["cx"]) == pytest.approx(LEFT + part.confidence * right, abs=0.1)
        assert float(circle.attrib["cy"]) == pytest.approx(HEIGHT - BOTTOM - part.accuracy * up, abs=0.1)
    titles = [element.text for element in drawing.iter() if element.tag.endswith("title")]
    first = series["as it is"].bins[0]
    assert titles[0] == (
        f"{first.count} images, {100 * first.confidence:.1f} % sure, {100 * first.accuracy:.1f} % right"
    )


def test_words_are_escaped() -> None:
    result = calibration(torch.zeros(2, 2), torch.tensor([0, 1]))
    text = str(reliability_diagram({"<script>": result}))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
