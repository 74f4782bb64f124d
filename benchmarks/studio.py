"""The studio: how soon it is there, how soon it answers, how many it answers, and whether it reads right.

Goals: from the command to a page that is ready at most 3 s, at most 1 MB before the map is opened, no request
elsewhere; from a stroke to the bars, 95th percentile, at most 10 ms in the browser and 30 ms through Python;
200 clients that ask without a pause for 60 s all answered, 99th percentile at most 250 ms, memory within
20 MB; of 200 drawings made by script with the mouse (see `_strokes.py`) at least 97 % read right; the extra
at most 10 MB.

Needs Chromium and Playwright. Run it on an idle machine: ``python -m benchmarks.studio`` (some five minutes).
A stroke's time runs from when the page hears of it to when the bars are written; "pointer" times run from
when the browser heard of it, which hands moves on once a frame, every 16.7 ms.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

import firstlight as fl
from benchmarks._measure import Timing, machine, save, summary
from benchmarks._strokes import SIDE, ScriptedDrawing, scripted_drawings

FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
SEED = 2026
GOALS = {
    "ready_seconds": 3.0,
    "bytes_before_map": 1_000_000,
    "requests_elsewhere": 0,
    "browser_p95_ms": 10.0,
    "python_p95_ms": 30.0,
    "load_errors": 0,
    "load_p99_ms": 250.0,
    "load_grown_mb": 20.0,
    "wrong_percent": 3.0,
    "extra_mb": 10.0,
}
DURATIONS = "(name) => performance.getEntriesByName(name).map((one) => one.duration)"
PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
BORDER = 2  # of the pad, in pixels of the screen


@contextmanager
def studio() -> Iterator[tuple[dict[str, Any], subprocess.Popen[bytes]]]:
    """Run the command, and end it as a person does."""
    command = [sys.executable, "-m", "firstlight", "studio", "--no-browser", "--port", "0", "--json", "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def start(browser: Any, *, n: int) -> dict[str, Any]:
    """Time from the command to a page that is ready, and count what it asked for."""
    seconds, count, elsewhere = [], 0, 0
    for _ in range(n):
        page = browser.new_page()
        sizes: list[int] = []
        urls: list[str] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.loadingFinished", lambda told, sizes=sizes: sizes.append(told["encodedDataLength"])
        )
        page.on("request", lambda request, urls=urls: urls.append(request.url))
        started = time.perf_counter()
        with studio() as (told, _):
            page.goto(told["url"])
            page.wait_for_selector("html[data-ready]", state="attached")
            seconds.append(time.perf_counter() - started)
            page.wait_for_selector("html[data-prepared]", state="attached")
            page.close()
        count = max(count, round(sum(sizes)))
        elsewhere += sum(not url.startswith(f"http://127.0.0.1:{told['port']}/") for url in urls)
    return {"ready": Timing.of(seconds), "bytes_before_map": count, "requests_elsewhere": elsewhere}


def strokes(browser: Any, url: str, drawings: list[ScriptedDrawing], *, state: str = "") -> dict[str, Any]:
    """Draw with the mouse; how long each new piece took to the bars, and what was read."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.goto(url + state)
    page.wait_for_selector("html[data-prepared]", state="attached")
    draw(page, drawings[0])  # what was never computed is not yet compiled
    took, pointer, wrong = [], [], []
    for number, drawing in enumerate(drawings):
        page.locator('[data-testid="clear"]').click()
        page.evaluate("performance.clearMeasures()")
        draw(page, drawing)
        page.wait_for_selector("html[data-settled]", state="attached")
        took += page.evaluate(DURATIONS, "stroke to bars")
        pointer += page.evaluate(DURATIONS, "pointer to bars")
        read = page.locator('[data-testid="answer"]').inner_text().split(",")[0]
        if read != str(drawing.label):
            wrong.append({"drawing": number, "label": drawing.label, "read": read})
    page.close()
    took.sort()
    pointer.sort()
    return {
        "strokes": len(took),
        "median_ms": took[len(took) // 2],
        "p95_ms": took[int(0.95 * (len(took) - 1))],
        "pointer_p95_ms": pointer[int(0.95 * (len(pointer) - 1))],
        "drawings": len(drawings),
        "wrong": wrong,
    }


def draw(page: Any, drawing: ScriptedDrawing) -> None:
    """Draw one digit with the mouse."""
    pen = page.locator('[data-testid="pen"]')
    pen.evaluate(
        "(pen, value) => { pen.value = value; pen.dispatchEvent(new Event('input')); }", 2 * drawing.pen
    )
    box = page.locator('[data-testid="pad"]').bounding_box()
    scale = (box["width"] - 2 * BORDER) / SIDE
    for stroke in drawing.strokes:
        places = [(box["x"] + BORDER + scale * x, box["y"] + BORDER + scale * y) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def load(told: dict[str, Any], process: subprocess.Popen[bytes], *, seconds: float) -> dict[str, Any]:
    """Let 200 clients ask without a pause; the memory is looked at after a warm-up and at the end."""
    token = told["url"].split("token=")[1]

    def clients(for_seconds: float) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks._studio_load", told["port"], token, 200, for_seconds]
        ran = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
        return dict(json.loads(ran.stdout))

    clients(min(5.0, seconds))
    before = memory_mb(process.pid)
    found = clients(seconds)
    return {**found, "memory_mb": {"before": before, "after": memory_mb(process.pid)}}


def memory_mb(pid: int) -> float:
    """Return what a process holds in memory, as Linux says it."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(int(line.split()[1]) / 1024, 1)


def extra_mb() -> dict[str, float]:
    """Return what the extra adds to what the base has, each package with its size on disk."""
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    added = _closure(project["optional-dependencies"]["studio"]) - _closure(project["dependencies"])
    return {name: round(_size(name) / 1e6, 2) for name in sorted(added)}


def _closure(needs: list[str]) -> set[str]:
    """Return the names of packages and of all that they need on this machine."""
    found: set[str] = set()
    waiting = list(needs)
    while waiting:
        need = Requirement(waiting.pop())
        name = need.name.lower().replace("_", "-")
        if name not in found and (need.marker is None or need.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += metadata.requires(name) or []
    return found


def _size(name: str) -> int:
    """Return the bytes of a package's files, with what Python compiles of them."""
    files = metadata.files(name) or []
    return sum(path.stat().st_size for path in (Path(str(file.locate())) for file in files) if path.is_file())


def measure(*, drawings: int, seconds: float, n: int) -> dict[str, Any]:
    """Measure everything."""
    from playwright.sync_api import sync_playwright

    fl.load("mnist")  # the data are in the cache
    scripted = scripted_drawings(drawings, seed=SEED)
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS.split())
        found: dict[str, Any] = {"start": start(browser, n=n)}
        with studio() as (told, process):
            found["in the browser"] = strokes(browser, told["url"], scripted)
            found["through Python"] = strokes(browser, told["url"], scripted[:40], state="&by=python")
            browser.close()
            found["load"] = load(told, process, seconds=seconds)
    found["extra_mb"] = extra_mb()
    return found


def verdicts(found: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    """Hold the figures against the goals."""
    memory = found["load"]["memory_mb"]
    values = {
        "ready_seconds": found["start"]["ready"].max,
        "bytes_before_map": found["start"]["bytes_before_map"],
        "requests_elsewhere": found["start"]["requests_elsewhere"],
        "browser_p95_ms": found["in the browser"]["p95_ms"],
        "python_p95_ms": found["through Python"]["p95_ms"],
        "load_errors": len(found["load"]["errors"]),
        "load_p99_ms": found["load"]["p99_ms"],
        "load_grown_mb": memory["after"] - memory["before"],
        "wrong_percent": 100 * len(found["in the browser"]["wrong"]) / found["in the browser"]["drawings"],
        "extra_mb": sum(found["extra_mb"].values()),
    }
    return {name: (value, value <= GOALS[name]) for name, value in values.items()}


def main() -> None:
    """Measure, print, save, and end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--drawings", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0, help="of the 200 clients")
    parser.add_argument("--n", type=int, default=5, help="starts")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    options = parser.parse_args()
    found = measure(drawings=options.drawings, seconds=options.seconds, n=options.n)
    checked = verdicts(found)
    print(summary("machine", machine()))
    for part in ("start", "in the browser", "through Python", "load", "extra_mb"):
        print(summary(part, found[part]))
    print(
        summary(
            "goals",
            {name: f"{value:.4g} {'ok' if ok else 'MISSED'}" for name, (value, ok) in checked.items()},
        )
    )
    if not options.no_save:
        print("saved", save("studio", {**found, "goals": checked}))
    sys.exit(0 if all(ok for _, ok in checked.values()) else 1)


if __name__ == "__main__":
    main()
