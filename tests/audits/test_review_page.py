"""The review page. Kind: behaviour; a person with a keyboard, played by Debian's Chromium where it is at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.audits._page import review_page, write_review_page
from firstlight.audits._report import AuditReport, Neighbour, Suspect
from firstlight.datasets import read_corrections

PLACES = {"train": [3, 5, 8, 13], "test": [2]}


@cache
def splits() -> dict[str, fl.ImageDataset]:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (20, 1, 6, 6), generator=generator, dtype=torch.uint8)
    classes = ("a", "</script><b>", "c & d")
    whole = fl.ImageDataset("my digits/é", "train", images, torch.arange(20) % 3, classes, (0.5,), (0.3,))
    return {"train": whole, "test": whole[:10].replacing(split="test")}


def report(places: dict[str, list[int]] | None = None) -> AuditReport:
    suspects = tuple(
        Suspect(
            place,
            place % 3,
            (place + 1) % 3,
            0.9,
            2.0,
            split,
            (Neighbour(1, 1, 0.5, "train"), Neighbour(2, 2, 0.6, "test")),
        )
        for split, found in (PLACES if places is None else places).items()
        for place in found
    )
    facts: dict[str, Any] = {
        "dataset": "my digits/é", "split": "all", "classes": splits()["train"].classes, "images": 30, "judged": 30,
        "estimated_errors": 5, "interval": (2, 9), "flagged": 5, "suspects": suspects, "ambiguous": (),
        "duplicates": (), "outliers": (), "transition": (), "recipe": "cnn-fast", "judges": 5, "repetitions": 1,
        "seed": 0, "seconds": 1.0, "is_complete": True, "scores": None,
    }  # fmt: skip
    return AuditReport(**facts)


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page from disk, in a window of its own; fails the test on any request or error."""
    path = write_review_page(report(), splits(), tmp_path / "review.html")
    context = browser.new_context(accept_downloads=True, viewport={"width": 1100, "height": 900})
    opened = context.new_page()
    asked, broken = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: broken.append(str(error)))
    opened.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    opened.goto(path.as_uri())
    opened.wait_for_selector("html[data-ready=true]")
    yield opened
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert broken == []
    context.close()


def text(page: Any, name: str) -> str:
    return str(page.get_by_test_id(name).inner_text())


def saved(page: Any, count: int) -> list[dict[str, Any]]:
    """Press the key that saves; return the files, by split."""
    downloads: list[Any] = []
    page.on("download", lambda one: downloads.append(one))  # noqa: PLW0108 - a bound method of a list cannot be listened to by
    page.keyboard.press("s")
    for _ in range(100):
        if len(downloads) == count:
            break
        page.wait_for_timeout(100)
    files = [json.loads(Path(one.path()).read_text()) for one in downloads]
    return sorted(files, key=lambda file: file["split"])


def test_verdicts_by_keyboard_are_saved_as_corrections_that_load_takes(page: Any, tmp_path: Path) -> None:
    assert text(page, "where") == "train, image 3"
    assert (text(page, "given"), text(page, "suggested")) == ("a", "</script><b>")
    for key in "kf2ad":
        page.keyboard.press(key)
    assert text(page, "count") == "5 of 5; 5 judged"
    test, train = saved(page, 2)
    assert train["verdicts"] == [
        {"index": 3, "given": 0, "verdict": "keep"},
        {"index": 5, "given": 2, "verdict": "fix", "label": 0},
        {"index": 8, "given": 2, "verdict": "keep"},  # 2 is what it is labelled already
        {"index": 13, "given": 1, "verdict": "ambiguous"},
    ]
    assert test["verdicts"] == [{"index": 2, "given": 2, "verdict": "drop"}]
    for fields in (train, test):
        path = tmp_path / f"{fields['split']}.json"
        path.write_text(json.dumps(fields))
        data = splits()[fields["split"]]
        corrected = read_corrections(path).apply(data)
        assert len(corrected) == len(data) - 1
    assert "Saved corrections-my-digits-test.json" in text(page, "status") or "my-digits" in text(
        page, "status"
    )


def test_a_digit_chooses_the_label_and_undo_takes_it_back(page: Any) -> None:
    page.keyboard.press("2")
    assert text(page, "where") == "train, image 5"
    page.keyboard.press("ArrowLeft")
    assert text(page, "verdict") == "fixed to c & d"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("d")
    page.keyboard.press("u")
    assert (text(page, "where"), text(page, "verdict")) == ("train, image 5", "not judged yet")
    page.keyboard.press("Control+z")
    assert (text(page, "where"), text(page, "verdict")) == ("train, image 3", "not judged yet")
    page.keyboard.press("u")
    assert text(page, "status") == "There is nothing to undo."
    page.keyboard.press("9")  # no such class
    assert text(page, "count") == "1 of 5; 0 judged"


def test_answers_outlive_the_page(page: Any) -> None:
    page.keyboard.press("a")
    page.keyboard.press("d")
    page.reload()
    assert text(page, "count") == "3 of 5; 2 judged"
    assert page.url.endswith("#3")
    page.keyboard.press("Home")
    assert text(page, "verdict") == "ambiguous"
    page.keyboard.press("n")
    assert text(page, "where") == "train, image 8"


def test_it_works_by_mouse_and_tells_a_screen_reader_everything(page: Any) -> None:
    page.get_by_role("button", name="drop").click()
    page.get_by_role("button", name="The label is c & d").click()
    page.get_by_role("button", name="Suspect 1: image 3, dropped").click()
    assert (
        page.get_by_test_id("picture").get_attribute("alt")
        == "Image 3 of train, labelled a, read as </script><b>"
    )
    assert page.get_by_role("button", name="drop", exact=False).first.get_attribute("aria-pressed") == "true"
    assert page.get_by_label("Images judged").get_attribute("value") == "2"
    assert page.get_by_test_id("neighbours").locator("img").count() == 2
    assert "Image 3: dropped" not in text(page, "status")  # the newest only
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => !b.innerText.trim() && !b.ariaLabel).length"
    )
    assert unnamed == 0


def test_a_phone_needs_no_sideways_scrolling(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_browser_that_keeps_nothing_says_so(browser: Any, tmp_path: Path) -> None:
    path = write_review_page(report(), splits(), tmp_path / "review.html")
    page = browser.new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('no') }")
    page.goto(path.as_uri())
    page.keyboard.press("k")
    assert page.get_by_test_id("kept").is_visible()
    assert text(page, "count") == "2 of 5; 1 judged"
    page.close()


def test_the_page_is_one_file_that_may_ask_nobody() -> None:
    html = review_page(report(), splits())
    assert "default-src 'none'; img-src data:" in html
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)
    assert "</script><b>" not in html.partition("<body>")[2]
    assert html.count("</script>") == 2


def test_what_cannot_be_reviewed_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no suspect .* Ask for the most suspicious ones, such as top=50"):
        review_page(report({}), splits())
    with pytest.raises(UsageError, match="image 99 of train"):
        review_page(report({"train": [99]}), splits())
    with pytest.raises(UsageError, match=r"image 2 of test .* not among these images"):
        review_page(report({"test": [2]}), {"train": splits()["train"]})
