"""The plugin in a project of its own: one test for each check, and a fixture (behaviour)."""

from __future__ import annotations

import pytest

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


@pytest.fixture
def outcome(pytester: pytest.Pytester) -> pytest.RunResult:
    pytester.makepyfile(OWN)
    return pytester.runpytest("-v", "-p", "no:cacheprovider", "-p", "no:xdist")


def test_one_test_for_each_check(outcome: pytest.RunResult) -> None:
    from firstlight.checks import planned_checks

    text = outcome.stdout.str()
    planned = planned_checks("torch.nn:ReLU", kind="activation", like="relu", quick=True)
    for number in planned:
        assert f"test_right[{number}]" in text
        assert f"test_wrong[{number}]" in text
    results = outcome.parseoutcomes()
    assert results["failed"] >= 2  # one check of the wrong one at least, and its fixture
    assert results["passed"] >= 3
    assert "errors" not in results


def test_a_failure_tells_the_report(outcome: pytest.RunResult) -> None:
    outcome.stdout.fnmatch_lines(["*test_right*PASSED*", "*test_fixture_right PASSED*"])
    outcome.stdout.fnmatch_lines(["*test_fixture_wrong FAILED*"])
    outcome.stdout.fnmatch_lines(["*expected*"])


def test_a_mark_without_a_target(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import pytest\n@pytest.mark.firstlight(like='relu')\ndef test_it(): pass\n")
    outcome = pytester.runpytest("-p", "no:xdist")
    outcome.stdout.fnmatch_lines(["*Say what is to be checked*"])
