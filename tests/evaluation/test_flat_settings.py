"""Behaviour: every setting of every recipe has one name, and survives being kept as JSON."""

from __future__ import annotations

import json

import pytest

from firstlight.evaluation import flat_settings
from firstlight.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_and_its_record_are_equal(name: str) -> None:
    settings = RECIPES[name].settings
    flat = flat_settings(settings)
    assert flat == flat_settings(json.loads(json.dumps(settings)))
    assert all(isinstance(value, str) for value in flat.values())


def test_lists_of_settings_are_numbered_from_one() -> None:
    members = [{"recipe": "mlp", "count": 2}, {"recipe": "vit", "rates": (1, 0.5)}]
    assert flat_settings({"members": members, "on": True}) == {
        "members.1.recipe": "mlp",
        "members.1.count": "2",
        "members.2.recipe": "vit",
        "members.2.rates": "[1, 0.5]",
        "on": "true",
    }
