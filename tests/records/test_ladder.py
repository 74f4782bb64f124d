"""Oracle: the recipes' claims, written into the documentation by docs/make_ladder.py, which must not drift."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from firstlight.recipes import RECIPES, Claim

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def ladder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_ladder", DOCS / "make_ladder.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_page_and_picture_are_as_the_claims_are_now(ladder) -> None:
    again = "Run: python docs/make_ladder.py"
    assert ladder.PAGE.read_text(encoding="utf-8") == ladder.page(), again
    assert ladder.PICTURE.read_text(encoding="utf-8") == ladder.picture(), again


def test_every_recipe_is_in_the_table_once_a_claim_or_as_not_measured(ladder) -> None:
    table = ladder.table()
    for name, recipe in RECIPES.items():
        assert table.count(f"| `{name}` |") == max(1, len(recipe.claims))
    for _, claim in ladder.rungs():
        assert f"| {claim.accuracy_percent:.2f} % |" in table


def test_names_in_the_picture_do_not_cover_each_other(ladder, monkeypatch) -> None:
    claim = Claim("mnist", 99.0, 0.1, 10, 2.0, "a machine", "torch", "2026-01-01")
    crowd = {
        f"recipe-{number}": replace(RECIPES["mlp"], name=f"recipe-{number}", claims=(claim,))
        for number in range(4)
    }
    crowd["far"] = replace(
        RECIPES["mlp"], name="far", claims=(replace(claim, accuracy_percent=99.9, train_seconds=90),)
    )
    monkeypatch.setattr(ladder, "RECIPES", crowd)
    root = ElementTree.fromstring(ladder.picture())
    names = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("class") == "name"]
    assert {text.text for text in names} == set(crowd)
    lines = sorted(float(text.get("y")) for text in names if text.text != "far")
    assert all(below - above >= ladder.LINE for above, below in pairwise(lines))
