"""A recipe whose model is several networks. Pure settings: nothing here trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from firstlight._errors import UsageError
from firstlight.models import COMBINATIONS, Combination, Ensemble
from firstlight.recipes._numbers import check_count
from firstlight.recipes._recipe import Claim, Recipe

__all__ = ["EnsembleRecipe"]


@dataclass(frozen=True)
class EnsembleRecipe:
    """Networks that are trained one after the other, each from a seed of its own, and answer together.

    Nothing is chosen among them: every member that is trained counts.

    Attributes
    ----------
    name, summary
        The name on the command line, and one line about it.
    members
        Pairs of a recipe and how many networks are trained by it.
    combine
        ``"probabilities"``: the mean of the members' probabilities decides; ``"logits"``: of the logits;
        ``"votes"``: each three members in a row vote, then each three such votes, and so on.
    claims
        Measured results, one for each data set.

    Examples
    --------
    >>> from firstlight.recipes import find_recipe
    >>> pair = EnsembleRecipe("two", "Two of a kind.", members=((find_recipe("mlp"), 2),))
    >>> [member.name for member in pair.recipes]
    ['mlp', 'mlp']
    """

    name: str
    summary: str
    members: tuple[tuple[Recipe, int], ...]
    combine: Combination = "probabilities"
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        for recipe, count in self.members:
            if not isinstance(recipe, Recipe):
                raise UsageError(f"Each member of an ensemble is a Recipe; got {type(recipe).__name__}.")
            check_count(f"the count of member {recipe.name!r}", count)
        if not self.members or self.combine not in COMBINATIONS:
            raise UsageError(
                "An ensemble needs at least one member and combines 'probabilities', 'logits' or 'votes'; "
                f"got {len(self.members)} members and {self.combine!r}."
            )

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """The recipe of each network, in the order of training."""
        return tuple(recipe for recipe, count in self.members for _ in range(count))

    @property
    def settings(self) -> dict[str, Any]:
        """Return everything that decides a result, as plain values for a run's record."""
        members = [
            {"recipe": recipe.name, "count": count, "settings": recipe.settings}
            for recipe, count in self.members
        ]
        return {"members": members, "combine": self.combine}

    def model(
        self, image_shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
    ) -> Ensemble:
        """Return the untrained networks as one; the generator draws the weights of one after the other."""
        members = (recipe.model(image_shape, classes, generator=generator) for recipe in self.recipes)
        return Ensemble(members, combine=self.combine)
