"""Fixtures for all tests: a private home, real MNIST, and nothing of the user's own settings."""

from __future__ import annotations

import os

if os.environ.get("PYTEST_XDIST_WORKER"):
    # Two workers with two threads each on two cores get in each other's way; processes they start inherit this.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook

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
