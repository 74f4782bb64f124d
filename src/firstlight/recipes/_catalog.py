"""The table of all recipes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from firstlight._errors import UnknownNameError
from firstlight.recipes._decision_tree import DECISION_TREE_RECIPE
from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._extra_trees import EXTRA_TREES_RECIPE
from firstlight.recipes._knn import KNN_RECIPE
from firstlight.recipes._linear import LINEAR_RECIPE
from firstlight.recipes._mlp import MLP_RECIPE
from firstlight.recipes._mlp_fast import MLP_FAST_RECIPE
from firstlight.recipes._random_forest import RANDOM_FOREST_RECIPE
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._svm import SVM_RECIPE

__all__ = ["RECIPES", "AnyRecipe", "find_recipe"]

AnyRecipe = Recipe | EstimatorRecipe | EnsembleRecipe

ALL: tuple[AnyRecipe, ...] = (
    LINEAR_RECIPE,
    KNN_RECIPE,
    DECISION_TREE_RECIPE,
    RANDOM_FOREST_RECIPE,
    EXTRA_TREES_RECIPE,
    SVM_RECIPE,
    MLP_RECIPE,
    MLP_FAST_RECIPE,
)
RECIPES: Mapping[str, AnyRecipe] = MappingProxyType({recipe.name: recipe for recipe in ALL})


def find_recipe(name: str) -> AnyRecipe:
    """Return the recipe of that name.

    Raises
    ------
    UnknownNameError
        There is none; the message holds the nearest name.

    Examples
    --------
    >>> find_recipe("mlp").settings["batch_size"]
    384
    """
    wanted = name.lower().replace("_", "-")
    if wanted not in RECIPES:
        raise UnknownNameError("recipe", name, RECIPES)
    return RECIPES[wanted]
