"""Fixtures for all tests: a private home, real MNIST, and nothing of the user's own settings."""

from __future__ import annotations

import os

if os.environ.get("PYTEST_XDIST_WORKER"):
    # Two workers with two threads each on two cores get in each other's way; processes they start inherit this.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook
from threadpoolctl import threadpool_limits

if os.environ.get("PYTEST_XDIST_WORKER"):
    threadpool_limits(1)  # of the libraries that a plugin of pytest loaded before us, NumPy's among them

# Where tensors are computed with, every annotated axis and dtype is checked at every call. Packages that tell
# users what is wrong with their arguments are left out: the check would speak first.
CHECKED = ["_metrics", "models", "training"]
CHECKED += [
    f"loader._{name}" for name in ("affine", "draws", "elastic", "erase", "flip", "order", "shift", "warp")
]
checker = ModuleType("firstlight_typecheck")
checker.checked = beartype(conf=BeartypeConf(is_pep484_tower=True))  # type: ignore[attr-defined]
sys.modules[checker.__name__] = checker
install_import_hook([f"firstlight.{name}" for name in CHECKED], "firstlight_typecheck.checked")


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for the whole run, shared by xdist's workers, so that MNIST is fetched and decoded once."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root) / "firstlight-home"
    shared.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRSTLIGHT_HOME", str(shared))
        for name in (
            "FIRSTLIGHT_OFFLINE",
            "FIRSTLIGHT_MIRROR",
            "COLUMNS",
            "LINES",
            "NO_COLOR",
            "FORCE_COLOR",
        ):
            patch.delenv(name, raising=False)
        yield shared


# What tells other libraries, and so us, where their copies of data lie.
OTHERS = (
    "TORCH_HOME", "KERAS_HOME", "SCIKIT_LEARN_DATA", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME",
)  # fmt: skip


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty home of its own; no extra data folder, no network, no copies left by others."""
    home = tmp_path / "home"
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(home))
    for name in ("FIRSTLIGHT_DATA", *OTHERS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.chdir(tmp_path)
    return home


WarmPython = Callable[[str, str, Path], tuple[int, str, str]]


@pytest.fixture(scope="session")
def warm_python() -> Iterator[WarmPython]:
    """Run a program in the folder ``work`` of a test: exit code, stdout, stderr; see warm_python.py."""
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("warm_python.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asked, answers = process.stdin, process.stdout
        assert asked is not None
        assert answers is not None

        def run(program: str, name: str, folder: Path) -> tuple[int, str, str]:
            work, out, err = folder / "work", folder / "out.txt", folder / "err.txt"
            work.mkdir()
            request = {"program": program, "name": name, "folder": work, "out": out, "err": err}
            asked.write(json.dumps(request, default=str) + "\n")
            asked.flush()
            code = answers.readline()
            assert code, "the process that runs programs has ended"
            return int(code), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

        yield run
        asked.close()


FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium; tests that want it are skipped where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open an address in a window of its own; a request to elsewhere or an error on the page fails the test."""
    contexts, asked, broken = [], [], []

    def open_page(
        address: str, *, before: str = "", ready: str = "html[data-ready=true]", **settings: Any
    ) -> Any:
        context = browser.new_context(accept_downloads=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        page.add_init_script(before)
        page.goto(address)
        page.wait_for_selector(ready, state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    here = ("file:", "data:", "blob:", "http://127.0.0.1:")
    assert [url for url in asked if not url.startswith(here)] == []
    assert broken == []
