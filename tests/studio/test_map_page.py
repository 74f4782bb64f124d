"""Page Map: made on the first visit, kept, and walked about in. Kind: oracle and behaviour."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import firstlight as fl
from benchmarks._strokes import scripted_drawings
from benchmarks.studio import draw
from firstlight.maps import LayoutStep
from firstlight.maps import map as real_map
from firstlight.prediction import load_reader
from firstlight.studio import Studio
from firstlight.studio._contents import contents
from firstlight.studio._kept_audit import KeptAudit, audit_file, keep_audit
from firstlight.studio._kept_map import map_file

TRAIN, TEST = 400, 100
# What the large picture shows: the red of each pixel.
LARGE = """() => { const c = document.querySelector('[data-testid="large"]');
  return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0) }"""


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Maps are laid out by PCA, in no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("firstlight.maps.map", lambda *given, **more: real_map(*given, method="pca", **more))
        yield


@pytest.fixture(scope="module")
def images(worker_id: str) -> tuple[fl.ImageDataset, fl.ImageDataset]:
    """Others for each process of the test run, as those share what is kept."""
    train, test = fl.load("mnist")
    first = TRAIN * int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    return train[first : first + TRAIN], test[:TEST]


@pytest.fixture(scope="module")
def mapped(run_studio: Any, quick: None, images: Any) -> Iterator[Any]:
    """A studio whose map is made, and whose test labels were audited: by 0.9, only the last is wrong."""
    shown = Studio()
    shown.once("images", lambda: images)
    suspicion = np.full(TEST, 0.1, np.float32)
    suspicion[-1] = 0.9
    keep_audit(KeptAudit({"images": TEST}, {}, suspicion), audit_file(shown, "test", None))
    map_file(shown).unlink(missing_ok=True)  # where this module was tested here before
    with run_studio(shown) as studio:
        assert not ask(studio, "shown", b"{}")["is_kept"]
        assert studio.ask("/api/map/facts").error == "The map is not made yet. Load the page again."
        ask(studio, "start", b"{}")
        assert ended(studio)["error"] is None
        yield studio


NET = """\
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 10)
    def forward(self, images):
        return self.first(images.flatten(1))
"""


@pytest.fixture
def page(mapped: Any, new_page: Callable[..., Any]) -> Any:
    return opened(new_page, mapped)


def test_what_is_sent_is_the_map_and_what_the_network_reads(mapped: Any, images: Any) -> None:
    facts = ask(mapped, "facts")["facts"]
    assert facts["splits"] == [["train", TRAIN], ["test", TEST]]
    columns = {column["name"]: column for column in facts["columns"]}
    assert list(columns) == ["prediction", "suspicion", "suspicion by the audit"]
    reader = load_reader()
    wanted = np.concatenate([reader.probabilities(part.images).argmax(1).numpy() for part in images])
    np.testing.assert_array_equal(part(mapped, columns["prediction"]["part"], "<i2"), wanted)
    shades = part(mapped, columns["suspicion by the audit"]["part"], "u1")
    assert set(shades[:TRAIN]) == {255}, "nobody audited the train labels"
    assert (set(shades[TRAIN:-1]), shades[-1]) == ({25}, 229)


def test_it_is_kept_by_images_and_network(mapped: Any, images: Any, run_studio: Any, tmp_path: Path) -> None:
    again = Studio()
    again.once("images", lambda: images)
    with run_studio(again) as later:
        assert ask(later, "shown", b"{}")["is_kept"]
        assert ask(later, "facts") == ask(mapped, "facts")
    own = tmp_path / "studio_mapped.py"
    own.write_text(NET)
    other = Studio(model=f"{own}:Net")
    other.once("images", lambda: images)
    with run_studio(other) as later:
        assert not ask(later, "shown", b"{}")["is_kept"]
    fewer = Studio()
    fewer.once("images", lambda: (images[0], images[1][:50]))
    with run_studio(fewer) as later:
        assert not ask(later, "shown", b"{}")["is_kept"]


def test_what_fixed_data_sets_hold_is_known_without_loading_them(data_home: Path) -> None:
    images = fl.load("mnist")[1]
    path = data_home / "studio" / f"contents-{fl.__version__}.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"mnist": ["one", "two"]}))
    shown = Studio()
    assert contents(shown) == ("one", "two")
    assert not shown.has("images")
    other = Studio()
    other.once("images", lambda: (images[:20], images[20:30]))
    known = contents(other)
    assert known == (fl.datasets.fingerprint(images[:20]), fl.datasets.fingerprint(images[20:30]))
    assert json.loads(path.read_text()) == {"mnist": ["one", "two"]}, "images put there by hand are not mnist"


def test_pointing_shows_the_digit_large(page: Any, images: Any) -> None:
    search(page, "test 12")
    page.keyboard.press("Tab")
    page.get_by_test_id("map").press("Escape")
    box = page.get_by_test_id("map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert text(page, "where") == "test 12"
    assert text(page, "keep") == "click keeps it here"
    shades = np.rint(images[1].images[12, 0].numpy().ravel() / 17) * 17
    np.testing.assert_allclose(page.evaluate(LARGE), shades, atol=17)
    assert page.locator('[data-testid="neighbours"] canvas').count() == 5
    search(page, "test 100")
    assert "test has images 0 to 99" in page.locator('form ~ [data-testid="trouble"]').inner_text()


def test_the_address_keeps_what_is_seen(page: Any) -> None:
    options = page.locator('[data-testid="by"] option').all_inner_texts()
    assert options == ["label", "split", "prediction", "error", "suspicion", "suspicion by the audit"]
    page.get_by_test_id("by").select_option("error")
    assert "prediction ≠ label" in text(page, "legend")
    page.get_by_test_id("by").select_option("suspicion by the audit")
    assert "not known" in text(page, "legend")
    page.locator('[data-testid="classes"] button').nth(7).click()
    filtered = text(page, "shown")
    assert not filtered.startswith("500 of 500")
    page.get_by_test_id("map").focus()
    page.keyboard.press("+")
    page.wait_for_url(lambda url: "zoom=" in url and "hide=7" in url)
    page.reload()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert page.get_by_test_id("by").input_value() == "suspicion by the audit"
    assert text(page, "shown") == filtered
    assert "zoom=1.5" in page.evaluate("location.hash")


def test_a_drawing_is_dropped_on_the_map(mapped: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(mapped.page("draw"), viewport={"width": 360, "height": 740}, color_scheme="dark")
    draw(page, scripted_drawings(2, seed=5)[1])
    page.wait_for_selector("html[data-settled]", state="attached")
    page.get_by_test_id("to-map").click()
    page.wait_for_selector("html[data-placed]", state="attached")
    digit = page.evaluate(
        "import('/static/studio.js').then((it) => [...it.digitOf(it.linkState.get('digit'))])"
    )
    image = np.array(digit, np.uint8)
    found = mapped.studio.once("map/exact", lambda: None)
    answer = ask(mapped, "place", image.tobytes())
    place = fl.place(found, torch.from_numpy(image).view(1, 1, 28, 28))[0]
    np.testing.assert_allclose([answer["x"], answer["y"]], place, atol=1e-5)
    assert answer["near"].count("1") >= 3
    assert text(page, "placed-says").endswith(f"labelled {', '.join(answer['near'])}.")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_test_id("closer").click()
    page.wait_for_url(lambda url: "zoom=" in url and "digit=" in url)
    page.get_by_test_id("take-away").click()
    page.wait_for_selector("html:not([data-placed])", state="attached")
    assert "digit=" not in page.evaluate("location.hash")
    assert "zoom=" in page.evaluate("location.hash")
    assert page.get_by_test_id("placed").is_hidden()


def test_making_it_is_told_stopped_and_outlives_the_page(
    run_studio: Any, new_page: Callable[..., Any], images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, calls = threading.Event(), []

    def slowly(*given: Any, on_event: Any, **more: Any) -> Any:
        if not calls:
            calls.append("fails")
            return real_map((images[0][:1], images[1][:1]), on_event=on_event)
        while not go_on.wait(0.01):
            on_event(LayoutStep(150, 300))
        return real_map(*given, method="pca", on_event=on_event, **more)

    monkeypatch.setattr("firstlight.maps.map", slowly)
    shown = Studio()
    shown.once("images", lambda: (images[0][:60], images[1][:30]))
    with run_studio(shown) as studio:
        page = new_page(studio.page("map"))
        page.wait_for_selector('[data-testid="trouble"]:has-text("umap needs at least 16 images")')
        page.get_by_test_id("start").click()
        page.wait_for_selector('[data-testid="words"]:has-text("Laying out: step 150 of 300")')
        assert 0.4 < page.get_by_test_id("work").evaluate("(work) => work.value") < 0.6
        page.get_by_test_id("stop").click()
        page.wait_for_selector("html[data-ready=stopped]", state="attached")
        assert ask(studio, "shown", b"{}")["job"]["is_stopped"], "so that a reload does not begin it again"
        assert text(page, "words") == "The map is not made."
        page.get_by_test_id("start").click()
        page.wait_for_selector('[data-testid="words"]:has-text("Laying out")')
        page.goto("about:blank")
        assert ask(studio, "start", b"{}")["number"] == 3, "a second page does not begin a second map"
        go_on.set()
        page.goto(studio.page("map"))
        page.wait_for_selector("html[data-ready=true]", state="attached")
        assert text(page, "shown") == "90 of 90 images shown"
        assert "read as they are labelled" in page.text_content('[data-testid="code"]')


def test_images_of_another_shape_have_a_map_without_the_network(
    run_studio: Any, quick: None, images: Any, tmp_path: Path
) -> None:
    path = tmp_path / "small.npz"
    small = {"x_train": images[0].images[:100, 0, 4:24, 4:24], "x_test": images[1].images[:50, 0, 4:24, 4:24]}
    np.savez(path, y_train=images[0].labels[:100], y_test=images[1].labels[:50], **small)
    with run_studio(Studio(dataset=str(path))) as studio:
        ask(studio, "start", b"{}")
        assert ended(studio)["error"] is None
        facts = ask(studio, "facts")["facts"]
        assert facts["is_read"] is False
        note = facts["columns"][0]["note"]
        assert note.startswith("By a vote of its 15 nearest neighbours")
        answer = studio.ask("/api/map/place", bytes(784))
        assert answer.status == 422
        assert "the images of this map have [1, 20, 20]: it has no place here" in answer.error


def test_the_code_runs_as_it_is(page: Any, images: Any, warm_python: Any, tmp_path: Path) -> None:
    path, net = tmp_path / "few.npz", tmp_path / "studio_mapped.py"
    net.write_text(NET)
    np.savez(path, x_train=images[0].images[:100, 0], y_train=images[0].labels[:100],
             x_test=images[1].images[:50, 0], y_test=images[1].labels[:50])  # fmt: skip
    program = "(shown) => import('/static/map/program.js').then((it) => it.programOf(shown, true))"
    of = {"dataset": "mnist", "run": None, "model": None}
    assert page.text_content('[data-testid="code"]') == page.evaluate(program, of)
    # The same of fewer images, and of another network.
    of = {"dataset": str(path), "run": None, "model": f"{net}:Net"}
    code, said, stderr = warm_python(page.evaluate(program, of), "map", tmp_path)
    assert code == 0, stderr
    assert " of 150 read as they are labelled" in said
    assert (tmp_path / "work" / "map.html").is_file()


def test_odd_questions_are_refused(mapped: Any) -> None:
    assert mapped.ask("/api/map/part?name=../facts").status == 422
    assert mapped.ask("/api/map/place", b"12").status == 422


def ask(studio: Any, what: str, body: bytes | None = None) -> dict[str, Any]:
    answer = studio.ask(f"/api/map/{what}", body)
    assert answer.status == 200, answer.error
    return dict(json.loads(answer.body))


def part(studio: Any, name: str, kind: str) -> Any:
    return np.frombuffer(gzip.decompress(studio.ask(f"/api/map/part?name={name}").body), kind)


def ended(studio: Any) -> dict[str, Any]:
    """Wait for the end of the making."""
    while (state := ask(studio, "progress"))["is_running"]:
        time.sleep(0.02)
    return state


def opened(new_page: Callable[..., Any], studio: Any, state: str = "", **settings: Any) -> Any:
    page = new_page(studio.page("map", state), **settings)
    page.wait_for_selector("html[data-ready=true]", state="attached")
    return page


def search(page: Any, asked: str) -> None:
    page.get_by_test_id("asked").fill(asked)
    page.keyboard.press("Enter")


def text(page: Any, name: str) -> str:
    return str(page.get_by_test_id(name).inner_text())
