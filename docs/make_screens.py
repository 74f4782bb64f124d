"""Make pictures of every page of the studio, light and dark: ``python docs/make_screens.py [PAGE ...]``.

Needs the extra ``studio``, Playwright's Python package and a Chromium, whose path CHROMIUM names (default
/usr/bin/chromium). The first time, an audit and a map are made and a network is trained: some two minutes.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._strokes import scripted_drawings
from benchmarks.studio import draw
from firstlight.studio.pages import find_pages

SCREENS = Path(__file__).parent / "img"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
WIDE, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}
PATIENCE = 300_000  # milliseconds
COLOURS = 256  # of a picture, so that it stays small
DIGIT = 3
CUT = ("check", "map")  # pages of which the first screen says enough


def _draw(page: Page) -> None:
    """Draw a digit with the mouse."""
    draw(page, next(one for one in scripted_drawings(20, seed=5) if one.label == DIGIT))
    page.wait_for_selector("html[data-settled=true]", state="attached")
    page.mouse.move(0, 0)


def _mistakes(page: Page) -> None:
    page.wait_for_selector("html[data-shown=true]", state="attached")


def _train(page: Page) -> None:
    """Train once, so that a picture holds a whole run."""
    if page.locator("html[data-run=finished]").count() == 0:
        page.get_by_test_id("start").click()
        page.wait_for_selector("html[data-run=finished]", state="attached")


def _audit(page: Page) -> None:
    page.wait_for_selector("html[data-shown=true]", state="attached")
    if page.get_by_test_id("review").is_hidden():
        page.get_by_test_id("start").click()
    page.get_by_test_id("review").wait_for()


def _check(page: Page) -> None:
    page.get_by_test_id("start").click()
    page.wait_for_selector("html[data-shown=true]", state="attached")


def _map(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


PREPARED: dict[str, Callable[[Page], None]] = {
    "draw": _draw, "mistakes": _mistakes, "map": _map, "train": _train, "audit": _audit, "check": _check,
}  # fmt: skip


def take(browser: Any, url: str, name: str) -> None:
    """Take one page: wide and as a phone has it, light and dark."""
    for scheme in ("light", "dark"):
        for size, viewport in (("", WIDE), ("-phone", PHONE)):
            page = browser.new_page(viewport=viewport, color_scheme=scheme)
            page.set_default_timeout(PATIENCE)
            page.goto(url)
            page.wait_for_selector("html[data-ready]", state="attached")
            PREPARED[name](page)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(300)
            taken = Image.open(io.BytesIO(page.screenshot(full_page=name not in CUT))).convert("RGB")
            page.close()
            path = SCREENS / f"{name}-{scheme}{size}.png"
            taken.quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)


def main(names: list[str]) -> None:
    """Take the pages that are named, or all."""
    SCREENS.mkdir(exist_ok=True)
    words = [sys.executable, "-m", "firstlight", "studio", "--no-browser", "--port", "0", "--json"]
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as studio,
        sync_playwright() as playwright,
    ):
        assert studio.stdout is not None
        said = json.loads(studio.stdout.readline())
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS.split()
        )
        for one in find_pages():
            if not names or one.name in names:
                address, _, token = said["url"].partition("#")
                take(browser, f"{address.rstrip('/').removesuffix('/draw')}/{one.name}#{token}", one.name)
        browser.close()
        studio.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
