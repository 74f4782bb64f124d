"""The page of 70,000 digits: size, time until it is ready, frames while zooming, time to show an image.

Claims, in headless Chromium without a graphics card, on two cores:

- the file has less than 10 MB, with all 70,000 images in it;
- it is ready, every image unpacked, in less than 1.5 s;
- at most 33 ms a frame while zooming from the whole map into one group and back (the mean; frames that took
  longer are counted);
- at most 10 ms from a movement of the mouse to the panel with the large digit and its neighbours.

Ready is counted from the start of navigation to the page's own mark; frames by the times at which the browser
asks for them, a turn of the wheel in each; showing by the clock around the event, layout included.
``python -m benchmarks.map_page`` makes the UMAP map first, which takes minutes; ``--map map.npz`` takes one.
Needs the extras ``maps`` and ``pictures``, and a Chromium, whose path CHROMIUM names.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import firstlight as fl
from benchmarks._measure import Timing, machine, save, summary

MOST_MEGABYTES, MOST_READY_SECONDS, MOST_FRAME_MS, MOST_HOVER_MS = 10.0, 1.5, 33.0, 10.0
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
SIZE = {"width": 1200, "height": 820}
READY = "performance.getEntriesByName('ready')[0].startTime / 1000"
# Into the middle of a group, then out again; the first frames warm up. Gives milliseconds between frames.
ZOOM = """([x, y, turns]) => new Promise((done) => {
  const canvas = document.querySelector('[data-testid="map"]'), times = [];
  let turn = -5;
  const step = (now) => {
    if (turn >= 0) times.push(now);
    if (turn > 2 * turns) return done(times.slice(1).map((time, i) => time - times[i]));
    const place = { clientX: x, clientY: y, deltaY: turn < turns ? -40 : 40, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', place));
    turn++;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
# Along a line over the map. Gives milliseconds of each movement that showed another image.
HOVER = """async ([count]) => {
  const find = (name) => document.querySelector(`[data-testid="${name}"]`);
  const [canvas, where, panel] = ['map', 'where', 'panel'].map(find);
  const box = canvas.getBoundingClientRect(), times = [];
  for (let i = 0; i < count; i++) {
    const share = (i * 0.6180339887) % 1, before = where.textContent;
    const [across, down] = [0.2 + 0.6 * share, 0.1 + (0.8 * i) / count];
    const place = { clientX: box.left + box.width * across, clientY: box.top + box.height * down };
    const began = performance.now();
    canvas.dispatchEvent(new PointerEvent('pointermove', { ...place, pointerType: 'mouse' }));
    panel.getBoundingClientRect();
    const took = performance.now() - began;
    if (where.textContent !== before) times.push(took);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""


def visit(browser: Any, page_file: Path) -> dict[str, Any]:
    """Open the page once in a window of its own, and use it."""
    page = browser.new_page(viewport=SIZE)
    page.add_init_script(
        "new MutationObserver(() => document.documentElement.dataset.ready === 'true'"
        " && performance.mark('ready'))"
        ".observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] })"
    )
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-ready=true]")
    ready = page.evaluate(READY)
    page.wait_for_timeout(500)
    frames = page.evaluate(ZOOM, [557, 347, 60])
    images = int(page.get_by_test_id("map").get_attribute("data-images"))
    hovers = page.evaluate(HOVER, [200])
    webgl = page.evaluate("document.createElement('canvas').getContext('webgl2')?.getParameter(7937)")
    page.close()
    return {"ready": ready, "frames": frames, "hovers": hovers, "images": images, "renderer": webgl}


def measure(page_file: Path, *, repeats: int) -> dict[str, Any]:
    """Open the page several times; the first does not count."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS.split()
        )
        visits = [visit(browser, page_file) for _ in range(repeats + 1)][1:]
        version = browser.version
        browser.close()
    frames = [frame / 1000 for one in visits for frame in one["frames"]]
    return {
        "chromium": version,
        "renderer": visits[0]["renderer"],
        "megabytes": page_file.stat().st_size / 1e6,
        "ready": Timing.of([one["ready"] for one in visits]),
        "frame": Timing.of(frames),
        "frames_over_33_ms_percent": 100 * sum(frame > 0.033 for frame in frames) / len(frames),
        "hover": Timing.of([hover / 1000 for one in visits for hover in one["hovers"]]),
    }


def verdicts(found: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    """Hold the figures against the claims."""
    values = {
        "megabytes": (found["megabytes"], MOST_MEGABYTES),
        "ready, seconds": (found["ready"].mean, MOST_READY_SECONDS),
        "a frame while zooming, ms": (1000 * found["frame"].mean, MOST_FRAME_MS),
        "showing an image, ms": (1000 * found["hover"].mean, MOST_HOVER_MS),
    }
    return {name: (value, value <= most) for name, (value, most) in values.items()}


def main() -> None:
    """Measure, print, save, and end with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--map", type=Path, help="an .npz of MNIST's 70,000; by default the map is made")
    parser.add_argument("--repeats", type=int, default=5, help="visits that count")
    parser.add_argument("--try", dest="is_trial", action="store_true", help="save nothing")
    options = parser.parse_args()
    image_map = fl.load_map(options.map) if options.map else fl.map("mnist", method="umap")
    image_map.images_at_hand()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        page_file = image_map.save(Path(folder) / "map.html")
        write_seconds = time.perf_counter() - began
        found = {"images": len(image_map), "write_seconds": write_seconds}
        found |= measure(page_file, repeats=options.repeats)
    checked = verdicts(found)
    print(summary("machine", machine()))
    print(summary("page", found))
    told = {name: f"{value:.4g} {'ok' if ok else 'MISSED'}" for name, (value, ok) in checked.items()}
    print(summary("claims", told))
    if not options.is_trial:
        print("saved", save("map_page", {**found, "claims": checked}))
    sys.exit(0 if all(ok for _, ok in checked.values()) else 1)


if __name__ == "__main__":
    main()
