"""Recipes: a model, how it is trained, and the claim it makes. One file each."""

from __future__ import annotations

from firstlight.recipes._catalog import RECIPES, find_recipe
from firstlight.recipes._recipe import AdamWSettings, Claim, ModelFactory, Recipe, adjusted

__all__ = ["RECIPES", "AdamWSettings", "Claim", "ModelFactory", "Recipe", "adjusted", "find_recipe"]
