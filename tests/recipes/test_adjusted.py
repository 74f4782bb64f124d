"""By behaviour: what can be changed in which kind of recipe, and back from a record to a recipe."""

from __future__ import annotations

import json

import pytest

from firstlight._errors import UnknownNameError, UsageError
from firstlight.recipes import RECIPES, EnsembleRecipe, adjusted, find_recipe, rebuilt_recipe

CHANGES = {
    "epochs": 0.5,
    "batch_size": 64,
    "learning_rate": 0.5,
    "weight_decay": 0.25,
    "label_smoothing": 0.125,
}


def test_every_change_arrives() -> None:
    settings = adjusted(find_recipe("mlp"), **CHANGES).settings  # type: ignore[arg-type]
    assert {name: settings.get(name, settings["optimizer"].get(name)) for name in CHANGES} == CHANGES


def test_of_an_ensemble_every_member_is_changed() -> None:
    pair = EnsembleRecipe(
        "pair", "for tests", members=((find_recipe("mlp"), 1), (find_recipe("mlp-fast"), 2))
    )  # type: ignore[arg-type]
    changed = adjusted(pair, epochs=3)
    assert [member.epochs for member in changed.recipes] == [3, 3, 3]
    assert changed.recipes[0].batch_size == pair.recipes[0].batch_size
    assert adjusted(pair) is pair


def test_what_is_not_trained_in_epochs_refuses_them() -> None:
    with pytest.raises(
        UsageError, match="'knn' is not trained in epochs and batches: it has no epochs and no batch_size"
    ):
        adjusted(find_recipe("knn"), epochs=3, batch_size=2)
    assert adjusted(find_recipe("knn")) is find_recipe("knn")


@pytest.mark.parametrize("name", RECIPES)
def test_a_record_gives_its_recipe_back(name: str) -> None:
    recipe = find_recipe(name)
    assert rebuilt_recipe(name, json.loads(json.dumps(recipe.settings))) is recipe
    if "optimizer" in recipe.settings or "members" in recipe.settings:
        # Not the weight decay, which some have no use for.
        changed = adjusted(recipe, **{**CHANGES, "weight_decay": None})  # type: ignore[arg-type]
        again = rebuilt_recipe(name, json.loads(json.dumps(changed.settings)))
        assert again == changed
        assert again.claims == ()


def test_a_recipe_that_has_changed_since_says_in_what() -> None:
    settings = {**find_recipe("mlp").settings, "augment": {"shift": 2}, "novelty": 1}
    with pytest.raises(UsageError, match="'mlp' is another one by now: it differs in augment, novelty"):
        rebuilt_recipe("mlp", settings)
    with pytest.raises(UnknownNameError, match="no recipe 'mpl'"):
        rebuilt_recipe("mpl", settings)
