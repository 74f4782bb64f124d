"""The page of a map. Kind: behaviour; a person with mouse and keyboard, played by Debian's Chromium."""

from __future__ import annotations

import base64
import functools
import gzip
import http.server
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.maps import ImageColumn, PageParts, page_parts, write_page
from firstlight.maps._columns import neighbours_say
from firstlight.maps._page import MODULES, map_page
from firstlight.maps._page_pixels import sixteen_shades

STATIC = resources.files("firstlight.maps").joinpath("static")
SIZE = {"width": 1100, "height": 760}
# What the large picture shows: the red of each pixel.
LARGE = """() => { const c = document.querySelector('[data-testid="large"]');
  return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0) }"""


@pytest.fixture(scope="module")
def digits() -> fl.ImageMap:
    train, test = fl.load("mnist")
    return fl.map((train[:400], test[:100]), method="pca")


@pytest.fixture(scope="module")
def page_file(digits: fl.ImageMap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return digits.save(tmp_path_factory.mktemp("page") / "map.html")


@pytest.fixture
def page(visit: Callable[..., Any], page_file: Path) -> Any:
    return visit(page_file.as_uri(), viewport=SIZE)


def text(page: Any, name: str) -> str:
    return str(page.get_by_test_id(name).inner_text())


def search(page: Any, asked: str) -> None:
    page.get_by_test_id("asked").fill(asked)
    page.keyboard.press("Enter")


def pixel_of(page: Any, image_map: fl.ImageMap, image: int) -> tuple[float, float]:
    """Where a point is on the screen when the whole map is shown."""
    box = page.get_by_test_id("map").bounding_box()
    low, high = image_map.points.min(0), image_map.points.max(0)
    scale = min(box["width"], box["height"]) / 1.06 / float(max(high - low))
    dx, dy = (image_map.points[image] - (low + high) / 2) * scale
    return box["x"] + box["width"] / 2 + float(dx), box["y"] + box["height"] / 2 - float(dy)


def loneliest(image_map: fl.ImageMap, count: int) -> list[int]:
    """The points that lie farthest from any other: nobody else is meant when one points at them."""
    apart = np.linalg.norm(image_map.points[:, None] - image_map.points, axis=2)
    np.fill_diagonal(apart, np.inf)
    return [int(i) for i in np.argsort(-apart.min(1))[:count]]


def array(parts: PageParts, name: str, kind: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(gzip.decompress(parts.files[name]), kind)


def test_what_the_page_holds_is_what_the_map_holds(digits: fl.ImageMap) -> None:
    column = ImageColumn("odd", np.arange(500) % 2 == 1, "by number")
    parts = page_parts(digits, digits.images_at_hand(), columns=[column])
    places, frame = array(parts, "points", "<u2").reshape(2, -1).T, parts.facts["frame"]
    units = frame["units"]
    back = np.stack([frame["left"] + places[:, 0] / units, frame["top"] - places[:, 1] / units], 1)
    np.testing.assert_allclose(back, digits.points, atol=0.51 / units)
    np.testing.assert_array_equal(array(parts, "labels", "<u2"), digits.labels)
    planes = array(parts, "neighbours", "u1").reshape(4, -1).astype(np.int64)
    near = (planes * 256 ** np.arange(4)[:, None]).sum(0).reshape(-1, 5)
    np.testing.assert_array_equal(near, digits.graph.indices[:, :5])
    np.testing.assert_array_equal(array(parts, "column0", "u1"), column.values)
    assert [one["name"] for one in parts.facts["columns"]] == ["odd", "prediction", "suspicion"]
    assert parts.facts["splits"] == [["train", 400], ["test", 100]]
    assert page_parts(digits, digits.images_at_hand(), columns=[column]) == parts  # byte by byte


def test_neighbours_say_what_their_labels_are_and_the_image_itself_has_no_vote(digits: fl.ImageMap) -> None:
    prediction, suspicion = neighbours_say(digits)
    for i in range(0, 500, 50):
        near = digits.labels[digits.graph.indices[i]]
        assert np.bincount(near, minlength=10)[prediction.values[i]] == np.bincount(near).max()
        assert suspicion.values[i] == pytest.approx((near != digits.labels[i]).mean())
    assert (prediction.values == digits.labels).mean() > 0.7
    learned = replace(digits, settings={**digits.settings, "features": "learned"})
    prediction, suspicion = neighbours_say(learned)
    assert set(prediction.values[:400]) == {-1}  # the network has seen their labels
    assert np.isnan(suspicion.values[:400]).all()
    assert prediction.values[400:].min() >= 0
    near = digits.graph.indices[450]
    votes = np.bincount(digits.labels[near[near < 400]], minlength=10)
    assert votes[prediction.values[450]] == votes.max()
    assert neighbours_say(replace(digits, labels=np.zeros(500, np.int64))) == ()


def test_the_browser_unpacks_every_pixel_as_it_was_packed(
    page: Any, digits: fl.ImageMap, visit: Callable[..., Any], tmp_path: Path
) -> None:
    expected = sixteen_shades(digits.images_at_hand()) * 17
    for place in (0, 1, 399):
        search(page, f"train {place}")
        assert page.evaluate(LARGE) == expected[place].ravel().tolist()
    search(page, "test 99")
    assert page.evaluate(LARGE) == expected[499].ravel().tolist()
    # An odd number of odd rows, some of them black, some to the edge.
    random = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (500, 1, 7, 5), generator=random, dtype=torch.uint8)
    images[torch.rand(images.shape, generator=random) < 0.6] = 0
    odd = visit(write_page(digits, images, tmp_path / "odd.html").as_uri())
    for place in range(7):
        search(odd, f"{place}")
        assert odd.evaluate(LARGE) == (sixteen_shades(images)[place] * 17).ravel().tolist()


@pytest.mark.parametrize("size", [(3, 32, 32), (1, 80, 60)])
def test_coloured_and_large_images_come_as_sheets(
    digits: fl.ImageMap, visit: Callable[..., Any], tmp_path: Path, size: tuple[int, int, int]
) -> None:
    shade = torch.arange(500) % 200 + 20
    images = shade.view(-1, 1, 1, 1).expand(-1, *size).to(torch.uint8)
    parts = page_parts(digits, images)
    assert parts.facts["pixels"]["kind"] == "sheets"
    (tmp_path / "sheets.html").write_text(map_page(digits, parts), encoding="utf-8")
    page = visit((tmp_path / "sheets.html").as_uri())
    for place in (0, 317, 499):
        search(page, f"train {place}" if place < 400 else f"test {place - 400}")
        seen = np.array(page.evaluate(LARGE))
        assert abs(seen - int(shade[place])).max() <= 6
    search(page, "train 0")
    assert int(page.get_by_test_id("map").get_attribute("data-images")) > 0


def test_points_become_images_as_one_zooms_in(page: Any) -> None:
    drawn = page.get_by_test_id("map")
    search(page, "train 5")
    page.wait_for_function("document.querySelector('[data-testid=\"map\"]').dataset.images > 0")
    few = drawn.screenshot()
    drawn.focus()
    page.keyboard.press("0")
    page.wait_for_timeout(100)
    counts = [int(drawn.get_attribute("data-images"))]
    for _ in range(8):
        page.mouse.move(400, 400)
        page.mouse.wheel(0, -200)
        page.wait_for_timeout(40)
        counts.append(int(drawn.get_attribute("data-images")))
    assert max(counts) > counts[0]
    assert drawn.screenshot() != few
    assert "zoom=" in page.evaluate("new Promise(r => setTimeout(() => r(location.hash), 400))")


def test_pointing_shows_the_image_its_facts_and_its_neighbours(page: Any, digits: fl.ImageMap) -> None:
    for image in loneliest(digits, 4):
        page.mouse.move(*pixel_of(page, digits, image))
        split, number = ("train", image) if image < 400 else ("test", image - 400)
        assert text(page, "where") == f"{split} {number}"
        assert text(page, "label") == str(digits.labels[image])
        said = [part.strip() for part in text(page, "neighbours").split("\n") if part.strip()]
        assert said == [str(digits.labels[other]) for other in digits.graph.indices[image, :5]]
        near = digits.labels[digits.graph.indices[image]]
        suspicion = float(text(page, "column-suspicion"))
        assert suspicion == pytest.approx((near != digits.labels[image]).mean(), abs=0.006)
    page.mouse.click(*pixel_of(page, digits, image))
    page.mouse.move(5, 5)
    assert text(page, "where") == f"{split} {number}"  # a click keeps it
    page.get_by_role("button", name="Neighbour 1").click()
    other = int(digits.graph.indices[image, 0])
    assert text(page, "where") == (f"train {other}" if other < 400 else f"test {other - 400}")


def test_everything_can_be_done_by_keyboard_and_is_told(page: Any) -> None:
    page.get_by_test_id("map").focus()
    for key in ("+", "ArrowLeft", "ArrowUp", "-", "+"):
        page.keyboard.press(key)
    assert re.fullmatch(r"(train|test) \d+", text(page, "where"))
    page.keyboard.press("Enter")
    told = page.get_by_test_id("status").text_content()
    assert re.match(
        r"Image (train|test) \d+, label \d, prediction \d, suspicion [\d.]+\. Looks like \d", told
    )
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    unnamed = (
        "[...document.querySelectorAll('button')].filter(b => !b.innerText.trim() && !b.ariaLabel).length"
    )
    assert page.evaluate(unnamed) == 0
    assert page.get_by_test_id("status").get_attribute("aria-live") == "polite"


def test_classes_are_hidden_and_shown(page: Any, digits: fl.ImageMap) -> None:
    counts = np.bincount(digits.labels, minlength=10)
    three = page.get_by_role("button", name=f"3, {counts[3]} images")
    three.click()
    assert three.get_attribute("aria-pressed") == "false"
    assert text(page, "shown") == f"{500 - counts[3]} of 500 images shown"
    hidden = next(i for i in loneliest(digits, 500) if digits.labels[i] == 3)
    page.mouse.move(*pixel_of(page, digits, hidden))
    assert not page.get_by_test_id("one").is_visible() or text(page, "label") != "3"
    three.click(modifiers=["Shift"])
    assert text(page, "shown") == f"{counts[3]} of 500 images shown"
    page.get_by_test_id("none").click()
    assert text(page, "shown") == "0 of 500 images shown"
    page.get_by_test_id("all").click()
    assert text(page, "shown") == "500 of 500 images shown"


def test_an_image_is_found_by_its_number(page: Any) -> None:
    for asked, found in (("test 12", "test 12"), ("12", "train 12"), ("Train 399", "train 399")):
        search(page, asked)
        assert text(page, "where") == found
        assert f"Image {found}, label" in page.get_by_test_id("status").text_content()
    search(page, "test 100")
    assert text(page, "trouble") == "test has images 0 to 99, so none is 100."
    search(page, "tset 3")
    assert text(page, "trouble") == "There is no split “tset” here, only train and test."
    search(page, "seven")
    assert text(page, "trouble") == "Write a split and a number, such as “train 12”."
    assert page.get_by_test_id("asked").get_attribute("aria-invalid") == "true"


def test_a_lasso_selects_and_the_selected_are_saved(page: Any, digits: fl.ImageMap) -> None:
    box = page.get_by_test_id("map").bounding_box()
    left, middle = box["x"] + 3, pixel_of(page, digits, 0)[0]
    page.keyboard.down("Shift")
    page.mouse.move(left, box["y"] + 3)
    page.mouse.down()
    for x, y in ((middle, 3), (middle, box["height"] - 3), (left, box["height"] - 3)):
        page.mouse.move(x, box["y"] + y, steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    within = np.flatnonzero(digits.points[:, 0] < digits.points[0, 0])
    assert abs(int(text(page, "count").split()[0]) - len(within)) <= 3  # the mouse moves by whole pixels
    with page.expect_download() as download:
        page.get_by_test_id("save").click()
    assert download.value.suggested_filename == "selected-mnist.json"
    saved = json.loads(download.value.path().read_text())
    assert (saved["schema"], saved["dataset"]) == (1, "mnist")
    rows = [one["index"] + (0 if one["split"] == "train" else 400) for one in saved["images"]]
    assert len(set(rows) ^ set(within.tolist())) <= 3
    assert [one["label"] for one in saved["images"]] == digits.labels[rows].tolist()
    assert text(page, "by-class").count(":") == len(set(digits.labels[rows]))
    page.get_by_test_id("forget").click()
    assert not page.get_by_test_id("caught").is_visible()
    page.get_by_test_id("in-view").click()
    assert text(page, "count") == "500 images selected"


def test_points_are_coloured_by_what_is_known(page: Any, digits: fl.ImageMap) -> None:
    by = page.get_by_test_id("by")
    assert by.locator("option").all_inner_texts() == ["label", "split", "prediction", "error", "suspicion"]
    seen = set()
    for name in by.locator("option").all_inner_texts():
        by.select_option(name)
        page.wait_for_timeout(60)
        seen.add(page.get_by_test_id("map").screenshot())
    assert len(seen) == 5
    by.select_option("error")
    prediction, _ = neighbours_say(digits)
    wrong = int((prediction.values != digits.labels).sum())
    assert f"prediction ≠ label: {wrong} images" in text(page, "legend")
    assert "vote of its 15 nearest neighbours" in text(page, "note")


def test_the_address_brings_back_what_was_seen(page: Any) -> None:
    page.get_by_test_id("by").select_option("split")
    page.get_by_test_id("classes").get_by_role("button").nth(7).click()
    search(page, "test 31")
    address = page.evaluate("new Promise(r => setTimeout(() => r(location.href), 500))")
    assert "by=split" in address
    assert "hide=7" in address
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    assert text(page, "where") == "test 31"
    assert page.get_by_test_id("by").input_value() == "split"
    assert not text(page, "shown").startswith("500")


def test_a_phone_and_a_dark_screen(visit: Callable[..., Any], page_file: Path) -> None:
    size = {"width": 360, "height": 740}
    page = visit(
        page_file.as_uri(), viewport=size, color_scheme="dark", has_touch=True, device_scale_factor=2
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    page.touchscreen.tap(180, 260)
    assert page.evaluate("document.querySelector('[data-testid=\"map\"]').width") == 720


def test_both_ways_to_draw_points_show_the_same(visit: Callable[..., Any], page_file: Path) -> None:
    count = """() => new Promise((done) => {
      const map = document.querySelector('[data-testid="map"]'), copy = document.createElement('canvas');
      Object.assign(copy, { width: map.width, height: map.height });
      map.dispatchEvent(new WheelEvent('wheel', { deltaY: 0.001 }));
      requestAnimationFrame(() => {
        const pen = copy.getContext('2d');
        pen.drawImage(map, 0, 0);
        const seen = pen.getImageData(0, 0, copy.width, copy.height).data;
        done(seen.filter((red, i) => i % 4 === 0 && red + seen[i + 1] + seen[i + 2] < 740).length);
      });
    })"""
    found = {}
    # To the page, WebGL2 takes no time at all, or far too long.
    for kind, clock in (
        ("graphics", "() => 0"),
        ("processor", "(() => { let t = 0; return () => (t += 100) })()"),
    ):
        page = visit(page_file.as_uri(), before=f"performance.now = {clock}", viewport=SIZE)
        assert page.get_by_test_id("map").get_attribute("data-points") == kind
        found[kind] = page.evaluate(count)
    assert found["graphics"] > 10_000
    assert found["processor"] == pytest.approx(found["graphics"], rel=0.03)


def test_without_webgl_the_points_are_drawn_and_it_is_said(
    visit: Callable[..., Any], page_file: Path, digits: fl.ImageMap
) -> None:
    refuse = (
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest)"
        "{ return kind === 'webgl2' ? null : get.call(this, kind, ...rest) }"
    )
    page = visit(page_file.as_uri(), before=refuse, viewport=SIZE)
    assert "no WebGL2" in text(page, "no-webgl")
    image = loneliest(digits, 1)[0]
    page.mouse.move(*pixel_of(page, digits, image))
    assert text(page, "label") == str(digits.labels[image])
    search(page, "test 3")
    assert text(page, "where") == "test 3"


def test_a_server_may_hand_out_the_modules_as_they_are(visit: Callable[..., Any]) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # the browser's own wish
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

    handler = functools.partial(Quiet, directory=str(STATIC))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/main.js", ready="html")
        assert page.evaluate("import('/main.js').then(Object.keys)") == ["start"]
        server.shutdown()


def test_the_modules_can_stand_in_one() -> None:
    texts = {name: STATIC.joinpath(f"{name}.js").read_text("utf-8") for name in MODULES}
    assert {f"{name}.js" for name in MODULES} == {path.name for path in STATIC.glob("*.js")}
    defined = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    names = [name for text in texts.values() for name in defined.findall(text)]
    assert len(names) == len(set(names))
    for module, content in texts.items():
        for source in re.findall(r"^import .* from \"\./(\w+)\.js\";$", content, re.MULTILINE):
            assert MODULES.index(source) < MODULES.index(module)


def test_the_page_is_one_file_that_may_ask_nobody(digits: fl.ImageMap) -> None:
    bad = replace(digits, classes=("</script><b>", *digits.classes[1:]))
    html = map_page(bad, page_parts(bad, bad.images_at_hand()))
    policy = re.search(r"Content-Security-Policy\" content=\"([^\"]*)\"", html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert not re.search(r"(?:src|href)=\"", html)
    assert "</script><b>" not in html
    for part in re.findall(r"id=\"part-points\">([^<]*)<", html):
        assert gzip.decompress(base64.b64decode(part))


def test_what_is_no_column_of_this_map_is_refused(digits: fl.ImageMap, tmp_path: Path) -> None:
    images = digits.images_at_hand()
    with pytest.raises(UsageError, match="There are 3 images for 500 points; give one for each"):
        write_page(digits, images[:3], tmp_path / "map.html")
    for values, message in (
        (np.zeros(3), r"'odd' must be 500 numbers or booleans; got float64 \(3,\)"),
        (np.full(500, "a"), r"'odd' must be 500 numbers or booleans; got <U1"),
        (np.full(500, 10), "classes from -1 .unknown. to 9; got 10 to 10"),
        (np.full(500, np.inf), "'odd' holds infinity; give NaN where nothing is known"),
    ):
        with pytest.raises(UsageError, match=message):
            write_page(digits, images, tmp_path / "map.html", columns=[ImageColumn("odd", values)])
    assert list(tmp_path.iterdir()) == []
