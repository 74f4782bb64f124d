"""The plugin in a project of its own, in a process of its own: one test for each check, and a fixture (behaviour)."""

from __future__ import annotations

import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from firstlight.checks import planned_checks

OWN = """
import pytest
import torch

def right(x):
    return torch.clamp(x, min=0)

def wrong(x):
    return torch.clamp(x, min=0.1)

@pytest.mark.firstlight(target=right, kind="activation", like="relu", quick=True, isolated=False)
def test_right():
    pass

@pytest.mark.firstlight(target=wrong, kind="activation", like="relu", quick=True, isolated=False)
def test_wrong(firstlight_result):
    assert firstlight_result.id

def test_fixture_right(firstlight_check):
    assert firstlight_check(right, kind="activation", like="relu", quick=True, isolated=False).verdict == "PASS"

def test_fixture_wrong(firstlight_check):
    firstlight_check(wrong, kind="activation", like="relu", quick=True, isolated=False)

@pytest.mark.parametrize("number", [1, 2])
def test_other(number):
    assert number
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of the project; NumPy cannot be loaded a second time into this process."""
    return run_pytest(tmp_path_factory.mktemp("project"), OWN)


def run_pytest(folder: Path, text: str) -> str:
    (folder / "test_own.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "test_own.py",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def has_line(told: str, pattern: str) -> bool:
    return any(fnmatch(line, pattern) for line in told.splitlines())


def test_one_test_for_each_check(told: str) -> None:
    planned = planned_checks("torch.nn:ReLU", kind="activation", like="relu", quick=True)
    for number in planned:
        assert f"test_right[{number}]" in told
        assert f"test_wrong[{number}]" in told
    # One check of the wrong one at least and its fixture fail; no test breaks.
    assert told.count("FAILED test_own.py") >= 2
    assert told.count(" PASSED ") >= 3
    assert "ERROR" not in told


def test_a_failure_tells_the_report(told: str) -> None:
    assert has_line(told, "*test_right*PASSED*")
    assert has_line(told, "*test_fixture_right PASSED*")
    assert has_line(told, "*test_fixture_wrong FAILED*")
    assert has_line(told, "*expected*")


def test_a_mark_without_a_target(tmp_path: Path) -> None:
    told = run_pytest(tmp_path, "import pytest\n@pytest.mark.firstlight(like='relu')\ndef test_it(): pass\n")
    assert has_line(told, "*Say what is to be checked*")
