"""The table of all recipes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from firstlight._errors import UnknownNameError
from firstlight.recipes._airbench import AIRBENCH_RECIPE
from firstlight.recipes._cifar_small import CIFAR_SMALL_RECIPE
from firstlight.recipes._cnn import CNN_RECIPE
from firstlight.recipes._cnn_best import CNN_BEST_RECIPE
from firstlight.recipes._cnn_fashion import CNN_FASHION_RECIPE
from firstlight.recipes._cnn_fast import CNN_FAST_RECIPE
from firstlight.recipes._decision_tree import DECISION_TREE_RECIPE
from firstlight.recipes._ensemble import ENSEMBLE_RECIPE
from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._extra_trees import EXTRA_TREES_RECIPE
from firstlight.recipes._knn import KNN_RECIPE
from firstlight.recipes._lenet5 import LENET5_RECIPE
from firstlight.recipes._linear import LINEAR_RECIPE
from firstlight.recipes._m3 import M3_RECIPE
from firstlight.recipes._m5 import M5_RECIPE
from firstlight.recipes._m7 import M7_RECIPE
from firstlight.recipes._mlp import MLP_RECIPE
from firstlight.recipes._mlp_best import MLP_BEST_RECIPE
from firstlight.recipes._mlp_fast import MLP_FAST_RECIPE
from firstlight.recipes._paper_ensemble import PAPER_ENSEMBLE_RECIPE
from firstlight.recipes._random_forest import RANDOM_FOREST_RECIPE
from firstlight.recipes._recipe import Recipe
from firstlight.recipes._resnet import RESNET_RECIPE
from firstlight.recipes._svm import SVM_RECIPE
from firstlight.recipes._vit import VIT_RECIPE

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
    MLP_BEST_RECIPE,
    LENET5_RECIPE,
    CNN_FAST_RECIPE,
    CNN_RECIPE,
    CNN_BEST_RECIPE,
    CNN_FASHION_RECIPE,
    ENSEMBLE_RECIPE,
    VIT_RECIPE,
    M3_RECIPE,
    M5_RECIPE,
    M7_RECIPE,
    PAPER_ENSEMBLE_RECIPE,
    RESNET_RECIPE,
    AIRBENCH_RECIPE,
    CIFAR_SMALL_RECIPE,
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
