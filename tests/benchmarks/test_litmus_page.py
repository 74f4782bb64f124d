"""Oracle: the kept results of the litmus benchmark, which docs/check.md must not drift from."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def litmus_page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_litmus", DOCS / "make_litmus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_page_and_picture_are_as_the_results_are_now(litmus_page: ModuleType) -> None:
    again = "Run: python docs/make_litmus.py"
    assert litmus_page.PAGE.read_text(encoding="utf-8") == litmus_page.page(), again
    assert litmus_page.PICTURE.read_text(encoding="utf-8") == litmus_page.picture(), again


def test_a_row_counts_what_its_lines_say(litmus_page: ModuleType) -> None:
    wrong = {"is_wrong": True, "family": "sign", "is_published": True, "is_place_right": None, "seconds": 1.0}
    found = {**wrong, "name": "a", "verdict": "FAIL", "is_family_right": True, "is_place_right": True}
    other = {**wrong, "name": "b", "verdict": "FAIL", "is_family_right": False}
    missed = {**wrong, "name": "c", "verdict": "PASS", "is_family_right": False, "is_published": False}
    right = {**missed, "name": "d", "is_wrong": False}
    accused = {**right, "verdict": "FAIL", "seed": 1}
    row = litmus_page.row("loss", [found, other, missed, right, accused])
    assert row == "| loss | 3 | 66.7 % | 50.0 % | 100.0 % | 2 of 2 | 1 | 2 | 1 | 1.0 | 1.0 |"
    assert litmus_page.worst([right, accused]) == [True]
    assert litmus_page.row("data", []).startswith("| data | not measured |")


def test_no_accusation_among_many_is_no_proof(litmus_page: ModuleType) -> None:
    # The rule of three: with none of n, the one-sided 95 % bound is about 3 / n.
    assert litmus_page.upper_bound(0, 1000) == pytest.approx(3 / 1000, rel=0.01)
    assert litmus_page.upper_bound(5, 5) == 1.0


def test_the_picture_shows_every_measured_kind(litmus_page: ModuleType) -> None:
    drawn = ElementTree.fromstring(litmus_page.picture())
    words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {line["kind"] for line in litmus_page.verdicts() if line["is_wrong"]} <= words
