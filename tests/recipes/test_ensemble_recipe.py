"""By behaviour: what an ensemble's recipe says of itself, and what it refuses."""

from __future__ import annotations

import json

import pytest
import torch

from firstlight._errors import UsageError
from firstlight.models import Ensemble
from firstlight.recipes import AnyRecipe, EnsembleRecipe, find_recipe

MEMBERS = ((find_recipe("mlp"), 2), (find_recipe("mlp-fast"), 1))


def test_it_knows_its_members_and_says_all_that_decides() -> None:
    recipe = EnsembleRecipe("three", "for tests", members=MEMBERS, combine="logits")  # type: ignore[arg-type]
    assert [member.name for member in recipe.recipes] == ["mlp", "mlp", "mlp-fast"]
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    assert recipe.settings["combine"] == "logits"
    assert [(part["recipe"], part["count"]) for part in recipe.settings["members"]] == [
        ("mlp", 2),
        ("mlp-fast", 1),
    ]
    assert recipe.settings["members"][0]["settings"] == find_recipe("mlp").settings


def test_its_model_holds_one_network_for_each() -> None:
    recipe = EnsembleRecipe("three", "for tests", members=MEMBERS)  # type: ignore[arg-type]
    model = recipe.model((1, 28, 28), 10, generator=torch.Generator().manual_seed(0))
    assert isinstance(model, Ensemble)
    assert len(model.members) == 3
    first, second = (
        torch.cat([p.flatten() for p in member.parameters()]) for member in list(model.members)[:2]
    )
    assert not torch.equal(first, second)


@pytest.mark.parametrize(
    ("members", "combine", "message"),
    [
        ((), "probabilities", "at least one member"),
        (((find_recipe("mlp"), 0),), "probabilities", "count of member 'mlp' is a whole number"),
        (
            ((find_recipe("knn"), 1),),
            "probabilities",
            "Each member of an ensemble is a Recipe; got EstimatorRecipe",
        ),
        (((find_recipe("mlp"), 1),), "median", "combines 'probabilities'"),
    ],
)
def test_what_makes_no_ensemble_is_refused(
    members: tuple[tuple[AnyRecipe, int], ...], combine: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        EnsembleRecipe("none", "for tests", members=members, combine=combine)  # type: ignore[arg-type]
