"""Recipes: a model, how it is trained, and the claim it makes. One file each."""

from __future__ import annotations

from firstlight.recipes._adjusted import adjusted, rebuilt_recipe
from firstlight.recipes._averaging import AveragingSettings, EMASettings, LookaheadSettings
from firstlight.recipes._catalog import RECIPES, AnyRecipe, find_recipe
from firstlight.recipes._ensemble_recipe import EnsembleRecipe
from firstlight.recipes._estimator_recipe import EstimatorRecipe
from firstlight.recipes._optimizers import AdamWSettings, MuonSettings, OptimizerSettings, SGDSettings
from firstlight.recipes._recipe import Claim, ModelFactory, Recipe
from firstlight.recipes._schedules import Cosine, Exponential, ScheduleSettings, Triangle

__all__ = [
    "RECIPES",
    "AdamWSettings",
    "AnyRecipe",
    "AveragingSettings",
    "Claim",
    "Cosine",
    "EMASettings",
    "EnsembleRecipe",
    "EstimatorRecipe",
    "Exponential",
    "LookaheadSettings",
    "ModelFactory",
    "MuonSettings",
    "OptimizerSettings",
    "Recipe",
    "SGDSettings",
    "ScheduleSettings",
    "Triangle",
    "adjusted",
    "find_recipe",
    "rebuilt_recipe",
]
