"""The page of bugs: what is shown is what was run, and what is told is what was measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from xml.etree import ElementTree

import pytest


@pytest.fixture
def bugs(docs_script: Callable[[str], ModuleType]) -> ModuleType:
    return docs_script("make_bugs")


def test_the_page_is_what_was_measured(bugs: ModuleType) -> None:
    measured = json.loads(bugs.MEASURED.read_text(encoding="utf-8"))
    assert bugs.PAGE.read_text(encoding="utf-8") == bugs.page(measured), "Run: docs/make_bugs.py --page"


def test_every_bug_can_be_put_into_the_program_is_shown_and_drawn(bugs: ModuleType) -> None:
    for bug in bugs.bugs():
        program = bug.program()
        compile(program, bug.name, "exec")
        removed, added = (" ".join(text.split()) for text in bug.shown)
        right, wrong = " ".join(bugs.PROGRAM.split()), " ".join(program.split())
        assert program != bugs.PROGRAM
        if bug.name not in ("labels-shuffled", "no-bias-correction"):  # shown in other words than those run
            assert removed in right
            assert added in wrong
            assert not (added and added in right)
        root = ElementTree.parse(bugs.PICTURES / f"{bug.name}.svg").getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_softmax_too_many_keeps_the_loss_above_its_closed_form(bugs: ModuleType) -> None:
    twice = next(bug for bug in bugs.bugs() if bug.name == "softmax-twice")
    wrong = bugs.curve(twice.program(), 3200, seed=0)
    right = bugs.curve(bugs.PROGRAM, 3200, seed=0)
    least = 1.4611  # ln(e + 9) - 1: all ten probabilities right and certain
    assert min(wrong.losses) > least > right.losses[-1]
    assert right.losses[0] == pytest.approx(2.3, abs=0.3)
    assert right.accuracies[-1] > 70
    assert right.steps == [0, 40, 49]
