"""Page Draw as a person uses it: mouse, keys, pictures. Kind: behaviour; played by a real browser."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import firstlight as fl
from benchmarks._strokes import ScriptedDrawing, scripted_drawings
from firstlight.pictures import find_digits
from firstlight.prediction import load_reader
from firstlight.studio import Studio

SIDE = 252
# All that the page computes of some drawings, in the modules that it computes them with.
COMPUTED = """
async (drawings) => {
  const { Ink, SIDE } = await import("/static/draw/ink.js");
  const { fit, shrink } = await import("/static/draw/fit.js");
  const { Network, readTensors } = await import("/static/draw/network.js");
  const { askBytes, askJson } = await import("/static/studio.js");
  const network = new Network(readTensors((await askBytes("draw/weights")).buffer), (await askJson("draw/shown", {})).network);
  const text = (bytes) => { let all = ""; for (const byte of bytes) all += String.fromCharCode(byte); return btoa(all); };
  return drawings.map(({ strokes, pen }) => {
    const ink = new Ink(), again = new Ink();
    for (const stroke of strokes) stroke.forEach(([x, y], at) => (at ? ink.extend(x, y, pen) : ink.begin(x, y, pen)));
    again.fromText(ink.toText());
    const fitted = fit(ink.values, SIDE, SIDE), { probabilities, first } = network.read(fitted.image);
    return { ink: text(ink.values), image: text(fitted.image), width: fitted.strokeWidth, small: text(shrink(ink.values, SIDE)),
      probabilities: [...probabilities], first: [...first.values], isKept: ink.values.every((value, at) => value === again.values[at]) };
  });
}
"""


def test_the_page_computes_what_python_computes(served: Any, new_page: Any) -> None:
    page, reader = new_page(served.page("draw")), load_reader()
    drawings = scripted_drawings(40, seed=5)
    computed = page.evaluate(COMPUTED, [{"strokes": one.strokes, "pen": one.pen} for one in drawings])
    first = reader.model.network.conv1  # type: ignore[union-attr]
    for drawing, one in zip(drawings, computed, strict=True):
        ink, image = decoded(one["ink"], SIDE), decoded(one["image"], 28)
        assert one["isKept"], "in an address, and read again"
        found = find_digits(ink).digits
        assert len(found) == 1, f"Python sees {len(found)} digits in a {drawing.label}"
        np.testing.assert_array_equal(image, found[0].image)
        assert one["width"] == pytest.approx(found[0].stroke_width, abs=1e-9)
        small = Image.fromarray(ink).resize((28, 28), Image.Resampling.BOX)
        np.testing.assert_array_equal(decoded(one["small"], 28), np.asarray(small))
        batch = torch.from_numpy(image.copy()).view(1, 1, 28, 28)
        np.testing.assert_allclose(one["probabilities"], reader.probabilities(batch)[0], atol=2e-6)
        with torch.no_grad():
            scaled = (batch.float() / 255 - reader.mean) / reader.std
            wanted = first(torch.nn.functional.pixel_unshuffle(scaled, 2))
        np.testing.assert_allclose(one["first"], wanted.ravel(), atol=1e-4)


def test_drawing_undoing_and_the_switch(served: Any, new_page: Any) -> None:
    page = new_page(served.page("draw"))
    assert text(page, "answer") == "Nothing yet"
    seven, bar = scripted_seven()
    draw(page, seven)
    assert text(page, "answer").startswith("7, ")
    settled(page)
    assert text(page, "told").startswith("The network says 7, ")
    assert page.locator('[data-testid="near"] li').count() == 8
    assert page.evaluate("performance.getEntriesByName('stroke to bars').length") >= 3
    alone = address(page)
    draw(page, bar)
    settled(page)
    assert address(page) != alone
    page.keyboard.press("Control+z")
    settled(page)
    assert address(page) == alone

    one(page, "fit").uncheck()
    settled(page)
    advice = text(page, "advice")
    assert re.search(r"Off centre by \d+ pixels", advice)
    assert re.search(r"Small: \d+ pixels", advice)
    one(page, "inverted").check()
    settled(page)
    assert text(page, "advice").startswith("Looks inverted")
    assert "fit=off&ink=dark" in address(page).replace("%3D", "=")
    page.reload()
    page.wait_for_selector("html[data-settled]", state="attached")
    assert not one(page, "fit").is_checked(), "a link keeps what was drawn and how it is looked at"
    assert text(page, "advice").startswith("Looks inverted")
    one(page, "clear").click()
    assert text(page, "answer") == "Nothing yet"
    assert text(page, "near-says") == "Draw something first."


def test_python_says_the_same(served: Any, new_page: Any) -> None:
    drawing, said = scripted_drawings(4, seed=3)[3], []
    page = new_page(served.page("draw"))
    draw(page, drawing)
    for state in ("", "&by=python"):
        settled(page)
        if state:
            page.goto(f"{served.url}/draw{address(page)}{state}")
            page.wait_for_selector('[data-testid="how"]:has-text("by Python")')
            settled(page)
        said.append([text(page, "bars"), text(page, "answer"), pixels(page, "first")])
        assert ("by Python" if state else "in this page") in text(page, "how")
    assert said[0][:2] == said[1][:2]
    assert np.abs(said[0][2].astype(int) - said[1][2]).max() <= 1


def test_the_code_runs_as_it_is(served: Any, new_page: Any, warm_python: Any, tmp_path: Path) -> None:
    page = new_page(served.page("draw"))
    draw(page, scripted_drawings(6, seed=4)[5])
    for name, switch in (("fitted", None), ("shrunk", "fit"), ("inverted", "inverted")):
        if switch:
            one(page, switch).click()
        settled(page)
        folder = tmp_path / name
        folder.mkdir()
        code, said, stderr = warm_python(page.text_content('[data-testid="code"]'), name, folder)
        assert code == 0, stderr
        label, share = text(page, "answer").removesuffix(" %").split(", ")
        told = re.search(rf"^{label}: ([\d.]+) %", said, re.MULTILINE)
        assert told, said
        # Pillow's lines have no soft edges, so a pixel here and there differs.
        assert float(told[1]) == pytest.approx(float(share), abs=0.5 if name == "fitted" else 15)


def test_keys_draw_too(served: Any, new_page: Any) -> None:
    page = new_page(served.page("draw"))
    one(page, "pad").focus()
    for key in ["Shift+ArrowUp"] * 3 + ["Space"] + ["Shift+ArrowDown"] * 6 + ["Space"]:
        page.keyboard.press(key)
    settled(page)
    assert text(page, "answer").startswith("1, ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.testid") == "undo"
    page.keyboard.press("Enter")
    assert text(page, "answer") == "Nothing yet"


def test_a_finger_draws_on_a_phone(served: Any, new_page: Any) -> None:
    phone = {
        "viewport": {"width": 360, "height": 720},
        "has_touch": True,
        "is_mobile": True,
        "color_scheme": "dark",
    }
    page = new_page(served.page("draw", "pen=30"), **phone)
    box = one(page, "pad").bounding_box()
    session = page.context.new_cdp_session(page)
    for kind, share in (
        ("touchStart", 0.2),
        *(("touchMove", 0.2 + step / 20) for step in range(1, 13)),
        ("touchEnd", None),
    ):
        place = (
            []
            if share is None
            else [{"x": box["x"] + box["width"] / 2, "y": box["y"] + share * box["height"]}]
        )
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": place})
    assert text(page, "answer").startswith("1, ")
    assert page.evaluate("scrollY") == 0, "the finger draws, it does not scroll"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    settled(page)


def test_a_drawing_is_kept_as_a_picture(served: Any, new_page: Any, tmp_path: Path) -> None:
    page = new_page(served.page("draw"))
    draw(page, scripted_drawings(3, seed=9)[2])
    with page.expect_download() as download:
        one(page, "keep").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "digit.png"
    read = fl.predict(path).digits[0]
    label, share = text(page, "answer").removesuffix(" %").split(", ")
    assert read.label == label
    assert 100 * read.probability == pytest.approx(float(share), abs=0.06)


def test_pictures_are_opened(served: Any, new_page: Any, warm_python: Any, tmp_path: Path) -> None:
    page = new_page(served.page("draw"))
    paper = Image.new("L", (600, 300), 245)
    for at, drawing in enumerate(scripted_drawings(8, seed=2)[6:]):
        ink = Image.new("L", (SIDE, SIDE), 245)
        from PIL import ImageDraw

        for stroke in drawing.strokes:
            ImageDraw.Draw(ink).line(stroke, fill=30, width=14, joint="curve")
        paper.paste(ink, (20 + 300 * at, 20))
    paper.save(tmp_path / "two.png")
    one(page, "open").set_input_files(tmp_path / "two.png")
    page.wait_for_selector('[data-testid="found"] button')
    assert text(page, "answer").startswith("6, ")
    page.locator('[data-testid="found"] button').nth(1).click()
    assert text(page, "answer").startswith("7, ")
    assert "Several digits were found" in text(page, "advice")
    settled(page)
    program = f"import os\nos.chdir({str(tmp_path)!r})\n{page.text_content('[data-testid=code]')}"
    code, said, stderr = warm_python(program, "picture", tmp_path)
    assert code == 0, stderr
    assert re.search(r"^7: [\d.]+ %", said, re.MULTILINE)
    one(page, "fit").uncheck()
    assert text(page, "advice").startswith("Looks inverted")
    settled(page)
    (tmp_path / "no.png").write_bytes(b"no picture")
    one(page, "open").set_input_files(tmp_path / "no.png")
    page.wait_for_selector('[data-testid="trouble"]:has-text("no picture that can be read")')
    assert page.refused


def test_an_image_of_the_data_set_comes_by_link(
    served: Any, new_page: Any, warm_python: Any, tmp_path: Path
) -> None:
    page, test = new_page(served.page("draw", "image=test-7")), served.studio.images()[1]
    settled(page)
    np.testing.assert_array_equal(pixels(page, "seen")[::4].reshape(28, 28), test.images[7, 0].numpy())
    assert text(page, "fit-says").startswith(f"Image 7 of test, labelled {int(test.labels[7])}.")
    assert one(page, "fit").is_disabled()
    assert one(page, "to-map").get_attribute("href") == "/map#image=test-7"
    code, said, stderr = warm_python(page.text_content('[data-testid="code"]'), "given", tmp_path)
    assert code == 0, stderr
    label, answer = said.splitlines()
    assert label == f"labelled {int(test.labels[7])}"
    assert answer.replace(":", ",") == text(page, "answer")
    draw(page, scripted_seven()[0])
    settled(page)
    assert one(page, "fit").is_enabled()
    assert "image=" not in address(page)
    assert str(one(page, "to-map").get_attribute("href")).startswith("/map#digit=")
    page.evaluate("location.hash = 'image=test-9999'")
    page.wait_for_selector('[data-testid="trouble"]:has-text("test has images 0 to 199; got")')
    page.evaluate("location.hash = 'image=seven'")
    page.wait_for_selector('[data-testid="trouble"]:has-text("Write it as test-1234")')
    assert page.refused


def test_a_network_that_fails_is_told(new_page: Any, run_studio: Any, tmp_path: Path) -> None:
    path = tmp_path / "studio_nan.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, images):\n"
        "        return torch.zeros(len(images), 10) / (images.amax(dim=(1, 2, 3)) < 2)[:, None]\n"
    )
    with run_studio(Studio(model=f"{path}:Net")) as studio:
        page = new_page(studio.page("draw"))
        draw(page, scripted_seven()[0])
        page.wait_for_selector('[data-testid="trouble"]:has-text("answers what is no number")')
        assert text(page, "answer") == "No answer"
        one(page, "clear").click()
        assert page.refused


def scripted_seven() -> tuple[ScriptedDrawing, ScriptedDrawing]:
    """A seven in a corner, and a bar far away from it."""
    seven = ScriptedDrawing(
        7, 5.0, [[(20.0, 30.0), (50.0, 30.0), (80.0, 30.0), (70.0, 60.0), (60.0, 80.0), (50.0, 110.0)]]
    )
    return seven, ScriptedDrawing(1, 5.0, [[(200.0, 200.0), (200.0, 220.0)]])


def draw(page: Any, drawing: ScriptedDrawing) -> None:
    """Draw with the mouse."""
    pad = one(page, "pad")
    pad.scroll_into_view_if_needed()
    page.evaluate(
        "(radius) => { const pen = document.querySelector('[data-testid=pen]'); pen.value = 2 * radius; pen.dispatchEvent(new Event('input')); }",
        drawing.pen,
    )
    box = pad.bounding_box()
    scale = (box["width"] - 4) / SIDE  # within its border
    for stroke in drawing.strokes:
        places = [(box["x"] + 2 + scale * x, box["y"] + 2 + scale * y) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in [*places[3:-1:3], places[-1]]:
            page.mouse.move(*place)
        page.mouse.up()


def one(page: Any, name: str) -> Any:
    return page.locator(f'[data-testid="{name}"]')


def text(page: Any, name: str) -> str:
    return str(one(page, name).inner_text())


def settled(page: Any) -> None:
    """Wait until what takes longer is there."""
    page.wait_for_selector("html[data-settled]", state="attached")


def address(page: Any) -> str:
    return str(page.evaluate("location.hash"))


def pixels(page: Any, name: str) -> Any:
    program = """(canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let all = ""; for (const byte of data) all += String.fromCharCode(byte); return btoa(all);
    }"""
    return np.frombuffer(base64.b64decode(one(page, name).evaluate(program)), np.uint8)


def decoded(given: str, side: int) -> Any:
    return np.frombuffer(base64.b64decode(given), np.uint8).reshape(side, side)
