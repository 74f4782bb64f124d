"""Page Mistakes: what it asks of Python, and how a person looks through it. Kind: oracle and behaviour."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import firstlight as fl
from firstlight.prediction import load_reader
from firstlight.studio import Studio


@pytest.fixture(scope="module")
def judged(run_studio: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A studio that shows a run, which learnt so little that it mixes up a lot."""
    folder = tmp_path_factory.mktemp("run")
    fl.train("mlp-fast", epochs=0.1, folder=folder)
    with run_studio(Studio(run=str(folder))) as studio:
        yield studio


@pytest.fixture(scope="module")
def answers(judged: Any) -> tuple[Any, Any]:
    """Labels, and the probabilities of the same run, asked without any page."""
    test = fl.load("mnist")[1]
    return test.labels.numpy(), load_reader(judged.studio.run).probabilities(test.images).numpy()


def test_the_matrix_is_that_of_the_network(judged: Any, answers: Any) -> None:
    labels, chances = answers
    fields, rest = opened(judged.ask("/api/mistakes/matrix", b"{}").body)
    wanted = np.zeros((10, 10), int)
    np.add.at(wanted, (labels, chances.argmax(axis=1)), 1)
    np.testing.assert_array_equal(np.frombuffer(rest, np.int32).reshape(10, 10), wanted)
    assert (fields["correct"], fields["count"]) == (wanted.trace(), 10_000)
    low, high = fields["interval"]
    assert low < wanted.trace() / 10_000 < high
    assert fields["disowned"] == 15
    progress = json.loads(judged.ask("/api/mistakes/progress").body)
    assert progress == {"done": 10_000, "count": 10_000}


@pytest.mark.parametrize(("label", "read"), [(None, None), (4, None), (None, 9), (4, 9), (7, 7)])
def test_images_come_with_what_is_known_of_them(judged: Any, answers: Any, label: Any, read: Any) -> None:
    labels, chances = answers
    said, sure = chances.argmax(axis=1), chances.max(axis=1)
    fits = said == labels if label == read is not None else said != labels
    fits = fits & ((labels == label) | (label is None)) & ((said == read) | (read is None))
    query = "&".join(f"{name}={value}" for name, value in [("label", label), ("read", read)] if value)
    fields, rest = opened(judged.ask(f"/api/mistakes/images?{query}").body)
    assert fields["total"] == fits.sum() > 0
    places = [image["index"] for image in fields["images"]]
    assert len(places) == min(60, fields["total"])
    np.testing.assert_allclose(sure[places], np.sort(sure[fits])[::-1][: len(places)], atol=1e-5)
    images = np.frombuffer(rest, np.uint8).reshape(-1, 28, 28)
    np.testing.assert_array_equal(images, fl.load("mnist")[1].images[places, 0].numpy())
    for image in fields["images"]:
        at = image["index"]
        assert (image["label"], image["read"]) == (labels[at], said[at])
        assert image["probability"] == pytest.approx(sure[at], abs=1e-5)
        assert image["label_probability"] == pytest.approx(chances[at, labels[at]], abs=1e-5)
    other, _ = opened(judged.ask(f"/api/mistakes/images?{query}&order=unsurest&first=1").body)
    least = np.sort(sure[fits])[1:61]
    np.testing.assert_allclose([image["probability"] for image in other["images"]], least, atol=1e-5)


def test_labels_that_people_disowned_are_marked(judged: Any) -> None:
    marked = {}
    for read in range(10):
        for first in range(0, 10_000, 60):
            fields, _ = opened(judged.ask(f"/api/mistakes/images?label=5&read={read}&first={first}").body)
            marked |= {one["index"]: one["people"] for one in fields["images"] if one["is_disowned"]}
            if first + 60 >= fields["total"]:
                break
    wanted = {v.index: v.corrected for v in fl.datasets.verified_corrections("mnist") if v.given == 5}
    assert marked == wanted
    assert len(wanted) == 4


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("label=10", "label is a number from 0 to 9; got '10'"),
        ("read=-1", "read is a number from 0 to 9; got '-1'"),
        ("label=%C2%B2", "label is a number from 0 to 9"),
        ("first=10000", "first is a number from 0 to 9999"),
        ("order=any", "The order is surest or unsurest; got 'any'"),
    ],
)
def test_odd_questions_are_refused(judged: Any, query: str, message: str) -> None:
    answer = judged.ask(f"/api/mistakes/images?{query}")
    assert answer.status == 422
    assert message in answer.error


def test_a_cell_shows_its_images(judged: Any, new_page: Any, answers: Any) -> None:
    labels, chances = answers
    count = int(((labels == 4) & (chances.argmax(axis=1) == 9)).sum())
    page = new_page(judged.page("mistakes"))
    shown(page)
    assert text(page, "images-title").startswith("All mistakes: ")
    page.get_by_role("gridcell", name=f"4 read as 9: {count}", exact=True).click()
    shown(page)
    assert text(page, "images-title") == text(page, "told") == f"4 read as 9: {count}"
    assert page.locator('[data-testid="images"] li').count() == min(60, count)
    if count > 60:
        one(page, "more").click()
        page.wait_for_selector('[data-testid="images"] li:nth-child(61)')
    assert page.evaluate("location.hash") == "#label=4&read=9"
    page.reload()
    shown(page)
    assert text(page, "images-title") == f"4 read as 9: {count}", "a link keeps what was chosen"
    one(page, "order").select_option("unsurest")
    page.wait_for_selector('html[data-shown]:has(option[value="unsurest"]:checked)', state="attached")
    shown(page)
    assert page.evaluate("location.hash") == "#label=4&read=9&order=unsurest"
    one(page, "all").click()
    page.wait_for_selector('[data-testid="images-title"]:has-text("All mistakes")')
    page.locator('[data-testid="pairs"] button').first.click()
    page.wait_for_selector('[data-testid="images-title"]:has-text("read as")')
    tile = page.locator('[data-testid="images"] li').first
    index = int(re.findall(r"image (\d+)", tile.inner_text())[0])
    assert (
        page.get_by_label(f"Test image {index} on page Map").get_attribute("href")
        == f"/map#image=test-{index}"
    )
    page.get_by_label(f"Test image {index} on page Draw").click()
    page.wait_for_selector(
        f'[data-testid="fit-says"]:has-text("Image {index} of test, labelled {labels[index]}.")'
    )


def test_the_matrix_is_walked_by_keyboard(judged: Any, new_page: Any) -> None:
    page = new_page(judged.page("mistakes", "label=2&read=2"), viewport={"width": 360, "height": 740})
    shown(page)
    assert text(page, "images-title").startswith("2 read right: ")
    page.locator('td[aria-selected="true"]').focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Home", "ArrowLeft", "End", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector('[data-testid="images-title"]:has-text("3 read as 9")')
    assert page.locator('td[tabindex="0"]').count() == 1, "Tab comes to one cell only"
    rows = page.get_by_role("rowheader").all_inner_texts()
    assert rows == [str(digit) for digit in range(10)]
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("state", ["", "label=4&read=9&order=unsurest", "label=3&read=3"])
def test_the_code_runs_as_it_is(
    judged: Any, new_page: Any, warm_python: Any, tmp_path: Path, state: str
) -> None:
    page = new_page(judged.page("mistakes", state))
    shown(page)
    code, said, stderr = warm_python(page.text_content('[data-testid="code"]'), "mistakes", tmp_path)
    assert code == 0, stderr
    lines = said.splitlines()
    right = re.search(r"([\d,]+) of 10,000", text(page, "summary"))
    assert right, text(page, "summary")
    assert lines[0] == f"{right[1]} of 10,000 right"
    pairs = [pair.replace("\n", " ") for pair in page.locator('[data-testid="pairs"] li').all_inner_texts()]
    assert [line.replace(":", "") for line in lines[1:6]] == pairs[:5]
    total = int(text(page, "images-title").split(": ")[1])
    assert len(lines) == 6 + total
    first = page.locator('[data-testid="images"] li').first.inner_text()
    assert f"image {lines[6].split()[0]}" in first
    assert lines[6].split()[-2] in first


def test_a_network_that_fails_is_told(run_studio: Any, new_page: Any, tmp_path: Path) -> None:
    path = tmp_path / "studio_mistaken.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, images):\n"
        "        return torch.full((len(images), 10), float('nan'))\n"
    )
    with run_studio(Studio(model=f"{path}:Net")) as studio:
        page = new_page(studio.page("mistakes"))
        page.wait_for_selector('[data-testid="trouble"]:has-text("answers what is no number")')
        assert page.refused


def opened(body: bytes) -> tuple[dict[str, Any], bytes]:
    """Take apart what `packed` put together."""
    end = 4 + int.from_bytes(body[:4], "little")
    return json.loads(body[4:end]), body[end:]


def shown(page: Any) -> None:
    page.wait_for_selector("html[data-shown]", state="attached")


def one(page: Any, name: str) -> Any:
    return page.locator(f'[data-testid="{name}"]')


def text(page: Any, name: str) -> str:
    return str(one(page, name).inner_text())
