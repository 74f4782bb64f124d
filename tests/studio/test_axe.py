"""Every page that we make, searched by axe-core for what keeps people out. Kind: oracle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import firstlight as fl
from benchmarks._strokes import scripted_drawings
from firstlight.audits import write_review_page
from firstlight.checks._page import write_page as write_report_page
from firstlight.evaluation import evaluate_run
from firstlight.reports import write_run_page
from firstlight.studio import write_draw_page
from firstlight.studio.pages import find_pages

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
SERIOUS = {"serious", "critical"}
PAGES = [page.name for page in find_pages()]
# Something to be seen, where a page begins empty.
FILLED = {
    "mistakes": "html[data-shown=true]",
    "map": "html[data-ready=true]",
    "train": "html[data-following=true]",
    "audit": "html[data-shown=true]",
}


def faults(page: Any) -> list[tuple[str, list[str]]]:
    """What axe-core calls serious or worse, in light and in dark, and the elements that it means."""
    light = axe.Axe().run(page).response
    page.emulate_media(color_scheme="dark")
    dark = axe.Axe().run(page, options={"runOnly": ["color-contrast"]}).response
    assert len(light["passes"]) > 10, "it looked"
    assert dark["passes"]
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in (*light["violations"], *dark["violations"])
        if fault["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_studio(name: str, served: Any, new_page: Callable[..., Any]) -> None:
    page = new_page(served.page(name), bypass_csp=True)  # axe-core styles while it looks
    page.set_default_timeout(60_000)
    if name == "draw":
        stroke, *_ = scripted_drawings(3, seed=1)[2].strokes
        box = page.get_by_test_id("pad").bounding_box()
        page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.up()
        page.wait_for_selector("html[data-settled]", state="attached")
    page.wait_for_selector(FILLED.get(name, "html"), state="attached")
    for box in page.locator("summary").all():
        if box.is_visible():
            box.click()
    assert faults(page) == []


def written(name: str, folder: Path) -> Path:
    train, test = fl.load("mnist")
    path = folder / f"{name}.html"
    if name == "draw":
        return write_draw_page(path)
    if name == "map":
        return fl.map((train[:400], test[:100]), method="pca").save(path)
    if name == "report":
        code = folder / "mine.py"
        code.write_text("def relu(x):\n    return x.clamp(min=0) + 0.1\n")
        report = fl.check(f"{code}:relu", kind="activation", like="relu", isolated=False)
        return write_report_page(report, path)
    if name == "run":
        learnt, held = train[:500], test[:200]
        run = fl.train("mlp-fast", dataset=(learnt, held), epochs=1, folder=folder / "run")
        return write_run_page(run, evaluate_run(run, learnt, held), held, path)
    images = train[:300]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("firstlight.audits._recipe.LEAST_STEPS", 60)
        return write_review_page(
            fl.audit((images, test[:100]), seconds=0.1, top=5), {"train": images, "test": test[:100]}, path
        )


@pytest.mark.parametrize("name", ["draw", "map", "report", "review", "run"])
def test_pages_that_are_files(name: str, visit: Callable[..., Any], tmp_path: Path) -> None:
    path = written(name, tmp_path)
    ready = "html[data-ready=true]" if name in ("draw", "map") else "body"
    assert faults(visit(path.as_uri(), ready=ready, bypass_csp=True)) == []


def test_faults_are_found(visit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text(
        '<!doctype html><html lang="en"><title>bad</title><main><h1>Bad</h1><button></button>'
        "<style>@media (prefers-color-scheme: dark) { p { color: #444; background: #333 } }</style>"
        "<ul><li>a</li></ul><p>pale</p><a href='#a'>link</a><table><tr><th>a</th></tr></table></main></html>"
    )
    found = {name for name, _ in faults(visit(path.as_uri(), ready="body"))}
    assert found == {"button-name", "color-contrast"}
