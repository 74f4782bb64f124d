"""The page about one's own digit: what is told is what was measured, and fitting helps at every step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def own_digit(docs_script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))  # for benchmarks, whose drawings it reads
    return docs_script("make_own_digit")


def test_the_page_is_what_was_measured(own_digit: ModuleType) -> None:
    measured = json.loads(own_digit.MEASURED.read_text(encoding="utf-8"))
    assert list(measured["right"]) == list(own_digit.WAYS)
    assert own_digit.PAGE.read_text(encoding="utf-8") == own_digit.page(measured)


def test_each_step_of_fitting_helps(own_digit: ModuleType) -> None:
    right = list(own_digit.measure(60)["right"].values())
    assert right == sorted(right)
    assert right[0] < 20
    assert right[-1] >= 57
