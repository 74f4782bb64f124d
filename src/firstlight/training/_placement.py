"""A model where it computes, and as it lies in memory there."""

from __future__ import annotations

import torch
from torch import nn

from firstlight.models import Ensemble
from firstlight.recipes import AnyRecipe, EnsembleRecipe, Recipe

__all__ = ["placed"]


def placed(model: nn.Module, recipe: AnyRecipe, device: torch.device) -> nn.Module:
    """Move a model to the device and lay its weights out as the recipe asks; changes no number.

    The layout decides in which order torch adds, and so the last bits of what the model says.
    """
    model.to(device)
    if isinstance(recipe, EnsembleRecipe) and isinstance(model, Ensemble):
        for member, own in zip(model.members, recipe.recipes, strict=False):
            placed(member, own, device)
    if isinstance(recipe, Recipe) and recipe.channels_last:
        # By keyword alone: torch's type hints know no other way.
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return model
