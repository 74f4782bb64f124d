"""Make the pictures of the documentation: ``python docs/make_pictures.py``.

Needs the extra ``pictures`` and a Chromium, whose path CHROMIUM names (default /usr/bin/chromium).
"""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.text import Text

PICTURES = Path(__file__).parent / "pictures"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
COLUMNS = 96
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 18px 22px; background: #14181f; color: #e6eaf0; width: fit-content; }}
pre {{ margin: 0; font: 15px/18px 'DejaVu Sans Mono', monospace; }}
pre span {{ display: inline-block; height: 18px; vertical-align: top; }}
</style><pre>{body}</pre>"""


def terminal(words: list[str]) -> tuple[str, str]:
    """Run a command with its answer on a terminal; return that with its colours, and the messages."""
    keeper, terminal_end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(COLUMNS)}
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=terminal_end, stderr=messages, env=environment
        ) as process,
    ):
        os.close(terminal_end)
        written = b""
        while select.select([keeper], [], [], 120)[0]:
            try:
                piece = os.read(keeper, 1 << 16)
            except OSError:  # the other end was closed
                break
            written += piece
        process.wait()
        messages.seek(0)
        return written.decode().replace("\r\n", "\n"), messages.read().decode()


def picture_of_text(browser: Browser, prompt: str, written: str, path: Path) -> None:
    """Draw terminal output as a picture."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True
    )
    console.print(Text.from_ansi(f"$ {prompt}\n{written.rstrip()}"))
    body = console.export_html(inline_styles=True, code_format="{code}")
    page = browser.new_page(viewport={"width": 1000, "height": 600}, device_scale_factor=1.5)
    page.set_content(PAGE.format(body=body))
    page.locator("body").screenshot(path=path)
    page.close()


def main() -> None:
    """Make every picture."""
    PICTURES.mkdir(exist_ok=True)
    firstlight = [sys.executable, "-m", "firstlight"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS.split()
        )
        answer, messages = terminal([*firstlight, "train", "--out", folder])
        head, tail = answer.replace(folder, "~/.local/share/firstlight/runs").split("\nTest accuracy", 1)
        written = f"{head}{messages}\nTest accuracy{tail}"
        picture_of_text(browser, "firstlight train", written, PICTURES / "train.png")
        shown, _ = terminal([*firstlight, "data", "show", "mnist"])
        picture_of_text(browser, "firstlight data show mnist", shown, PICTURES / "show.png")
        wrong = "benchmarks/bugbank/optimizer/adam_without_bias_correction.py:Adam"
        (Path(folder) / "my_adam.py").write_text(Path(wrong.partition(":")[0]).read_text())
        told, _ = terminal([*firstlight, "check", f"{folder}/my_adam.py:Adam", "--like", "adam"])
        command = "firstlight check my_adam.py:Adam --like adam"
        picture_of_text(browser, command, told.replace(f"{folder}/", ""), PICTURES / "check.png")
        report = next(Path(folder).glob("*/report.html"))
        page = browser.new_page(viewport={"width": 1000, "height": 1060}, device_scale_factor=1)
        page.goto(report.as_uri())
        page.screenshot(path=PICTURES / "report.png")
        _audit(browser, firstlight, Path(folder))
        _map(browser, firstlight, Path(folder))
        browser.close()


def _audit(browser: Browser, firstlight: list[str], folder: Path) -> None:
    """Make the audit's picture and one of its review page."""
    review = folder / "review.html"
    words = ["audit", "mnist", "--split", "train", "--top", "50", "--quiet"]
    picture = ["--picture", str(PICTURES / "audit.png"), "--review-file", str(review)]
    subprocess.run([*firstlight, *words, *picture], check=True)
    page = browser.new_page(viewport={"width": 1000, "height": 820}, device_scale_factor=1)
    page.goto(review.as_uri())
    page.screenshot(path=PICTURES / "review.png")
    page.close()


def _map(browser: Browser, firstlight: list[str], folder: Path) -> None:
    """Make a picture of the page of MNIST's map, with a wrong label and its neighbours."""
    subprocess.run([*firstlight, "map", "mnist", "--quiet", "-o", str(folder / "map.html")], check=True)
    page = browser.new_page(viewport={"width": 1100, "height": 780}, device_scale_factor=1)
    page.goto((folder / "map.html").as_uri() + "#x=0.5&y=0.5&zoom=1&image=train-59915")
    page.wait_for_selector("html[data-ready=true]")
    page.screenshot(path=PICTURES / "map-page.png")
    page.close()


if __name__ == "__main__":
    main()
