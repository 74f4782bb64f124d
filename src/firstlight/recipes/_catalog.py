"""The table of all recipes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from firstlight._errors import UnknownNameError
from firstlight.recipes._mlp import MLP_RECIPE
from firstlight.recipes._mlp_fast import MLP_FAST_RECIPE
from firstlight.recipes._recipe import Recipe

__all__ = ["RECIPES", "find_recipe"]

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (MLP_RECIPE, MLP_FAST_RECIPE)}
)


def find_recipe(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises
    ------
    UnknownNameError
        There is none; the message holds the nearest name.

    Examples
    --------
    >>> find_recipe("mlp").batch_size
    384
    """
    wanted = name.lower().replace("_", "-")
    if wanted not in RECIPES:
        raise UnknownNameError("recipe", name, RECIPES)
    return RECIPES[wanted]
