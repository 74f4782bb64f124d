"""Recipes with some settings changed, and the recipe that a record speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from firstlight._errors import UsageError
from firstlight.recipes._catalog import AnyRecipe, find_recipe
from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._recipe import Recipe

__all__ = ["adjusted", "rebuilt_recipe"]

Kind = TypeVar("Kind", Recipe, EstimatorRecipe, EnsembleRecipe, AnyRecipe)

OWN = ("epochs", "batch_size", "label_smoothing")
OPTIMIZERS = ("learning_rate", "weight_decay")


def adjusted(
    recipe: Kind,
    *,
    epochs: float | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    weight_decay: float | None = None,
    label_smoothing: float | None = None,
) -> Kind:
    """Return the recipe with some settings changed; ``None`` keeps what is there.

    A changed recipe makes no claims. Of an ensemble, every member is changed alike.

    Raises
    ------
    UsageError
        A value that cannot mean anything, or a recipe that has no such setting.

    Examples
    --------
    >>> from firstlight.recipes import find_recipe
    >>> adjusted(find_recipe("mlp"), epochs=1).settings["epochs"]
    1
    """
    values = (epochs, batch_size, learning_rate, weight_decay, label_smoothing)
    names = ("epochs", "batch_size", "learning_rate", "weight_decay", "label_smoothing")
    changes = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    return _changed(recipe, changes) if changes else recipe


def rebuilt_recipe(name: str, settings: Mapping[str, Any]) -> AnyRecipe:
    """Return the recipe of that name, adjusted to the settings that a run's record holds.

    Raises
    ------
    UnknownNameError
        There is no such recipe.
    UsageError
        The recipe is another one by now: its settings differ in what `adjusted` does not change.

    Examples
    --------
    >>> from firstlight.recipes import find_recipe
    >>> rebuilt_recipe("mlp", adjusted(find_recipe("mlp"), epochs=1).settings).settings["epochs"]
    1
    """
    recipe: AnyRecipe = _as_in(find_recipe(name), settings)
    if recipe.settings == settings:
        return recipe
    keys = sorted({*recipe.settings, *settings})
    other = [key for key in keys if recipe.settings.get(key) != settings.get(key)]
    raise UsageError(
        f"Recipe {name!r} is another one by now: it differs in {', '.join(other)}. "
        f"Use the version of firstlight that wrote the run, or train again with: firstlight train {name}"
    )


def _changed(recipe: Any, changes: Mapping[str, Any]) -> Any:
    if isinstance(recipe, EnsembleRecipe):
        members = tuple((_changed(member, changes), count) for member, count in recipe.members)
        return replace(recipe, members=members, claims=())
    if not isinstance(recipe, Recipe):
        raise UsageError(
            f"{recipe.name!r} is not trained in epochs and batches: it has no {' and no '.join(changes)}."
        )
    parts = {name: value for name, value in changes.items() if name in OWN}
    steps = {name: value for name, value in changes.items() if name in OPTIMIZERS}
    optimizer = replace(recipe.optimizer, **steps)
    return replace(recipe, **parts, optimizer=optimizer, claims=())


def _as_in(recipe: Any, settings: Mapping[str, Any]) -> Any:
    """Change what `adjusted` can change to what the settings say, where they differ."""
    if isinstance(recipe, EnsembleRecipe):
        given = settings.get("members", [])
        if len(given) != len(recipe.members):
            return recipe
        pairs = zip(recipe.members, given, strict=True)
        members = tuple((_as_in(member, kept["settings"]), count) for (member, count), kept in pairs)
        return recipe if members == recipe.members else replace(recipe, members=members, claims=())
    if not isinstance(recipe, Recipe):
        return recipe
    kept = {name: settings.get(name) for name in OWN}
    kept |= {name: settings.get("optimizer", {}).get(name) for name in OPTIMIZERS}
    here = {**recipe.settings, **recipe.settings["optimizer"]}
    changes = {name: value for name, value in kept.items() if value is not None and value != here[name]}
    return _changed(recipe, changes) if changes else recipe
