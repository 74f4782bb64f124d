"""Recipes for scikit-learn. Kind: behaviour; the oracle for what an estimator is given is its own `get_params`."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from firstlight._errors import UsageError
from firstlight.recipes import RECIPES, EstimatorRecipe, adjusted, find_recipe

CLASSIC = {name: recipe for name, recipe in RECIPES.items() if isinstance(recipe, EstimatorRecipe)}
each = pytest.mark.parametrize("recipe", CLASSIC.values(), ids=CLASSIC)


def test_the_classic_rungs_are_there() -> None:
    assert {"linear", "knn", "decision-tree", "random-forest", "extra-trees", "svm"} <= set(CLASSIC)


@each
def test_an_estimator_has_the_recipes_parameters_seed_and_threads(recipe: EstimatorRecipe) -> None:
    parameters = recipe.make_estimator(7, jobs=2).get_params()
    assert {name: parameters[name] for name in recipe.parameters} == recipe.parameters
    if recipe.is_random:
        assert parameters["random_state"] == 7
    assert (parameters.get("n_jobs") == 2) == recipe.is_parallel


def test_seeds_beyond_scikit_learns_limit_are_wrapped() -> None:
    forest = find_recipe("random-forest")
    assert isinstance(forest, EstimatorRecipe)
    assert forest.make_estimator(2**32 + 5).get_params()["random_state"] == 5
    with pytest.raises(UsageError, match="A seed is an integer"):
        forest.make_estimator(-1)


@pytest.mark.parametrize("place", ["SVC", "sklearn.svm.", "os.system('x').y", ""])
def test_an_estimator_is_named_by_its_place(place: str) -> None:
    with pytest.raises(UsageError, match=r"says where a class is, such as 'sklearn.svm.SVC'; got"):
        replace(CLASSIC["svm"], estimator=place)


def test_settings_of_a_network_are_refused() -> None:
    assert adjusted(CLASSIC["linear"]) is CLASSIC["linear"]
    with pytest.raises(UsageError, match=r"'linear'.*epochs"):
        adjusted(CLASSIC["linear"], epochs=3)


def test_neither_the_recipes_nor_a_network_import_scikit_learn() -> None:
    program = (
        "import sys, firstlight.cli, firstlight.recipes, firstlight.training\n"
        "firstlight.recipes.find_recipe('mlp').model((1, 28, 28), 10)\n"
        "assert not {'sklearn', 'scipy'} & set(sys.modules), 'imported too early'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
