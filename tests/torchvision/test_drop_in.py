"""One table of contract points, with the real torchvision as oracle and without any torchvision.

The points stand in ``contract.py``; each way is one process. The MNIST files are the real ones.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from firstlight.torchvision import MNIST

CONTRACT = Path(__file__).with_name("contract.py")
NAMES = [
    node.name
    for part in ("items", "files", "family")
    for node in ast.parse(CONTRACT.with_name(f"contract_{part}.py").read_text()).body
    if isinstance(node, ast.FunctionDef)
    and any(getattr(mark, "id", "") == "point" for mark in node.decorator_list)
]


@pytest.fixture(scope="session")
def mnist_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    MNIST(root, train=False, download=True)
    return root


def _outcomes(way: str, root: Path, scratch: Path) -> dict[str, str]:
    command = [sys.executable, str(CONTRACT), way, str(root), str(scratch)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def without(mnist_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _outcomes("without", mnist_root, tmp_path_factory.mktemp("without"))


@pytest.fixture(scope="session")
def with_real(mnist_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    if importlib.util.find_spec("torchvision") is None:
        pytest.skip("torchvision is not installed, so there is nothing to compare with")
    return _outcomes("with", mnist_root, tmp_path_factory.mktemp("with"))


def _check(outcome: str) -> None:
    if outcome.startswith("skipped: "):
        pytest.skip(outcome)
    assert outcome == "ok", outcome


@pytest.mark.parametrize("name", NAMES)
def test_without_torchvision(without: dict[str, str], name: str) -> None:
    _check(without[name])


@pytest.mark.parametrize("name", NAMES)
def test_with_torchvision(with_real: dict[str, str], name: str) -> None:
    _check(with_real[name])
