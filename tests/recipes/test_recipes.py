"""Common checks over all recipes, and what `adjusted` may and may not change."""

from __future__ import annotations

import json
import math
from importlib import import_module

import pytest
import torch

from firstlight._errors import UnknownNameError, UsageError
from firstlight.recipes import (
    RECIPES,
    AdamWSettings,
    AnyRecipe,
    EnsembleRecipe,
    EstimatorRecipe,
    adjusted,
    find_recipe,
)

ALL = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


@ALL
@pytest.mark.parametrize(("shape", "classes"), [((1, 28, 28), 10), ((3, 32, 32), 100)])
def test_every_recipe_makes_a_model_for_every_shape(
    recipe: AnyRecipe, shape: tuple[int, int, int], classes: int
) -> None:
    model = recipe.model(shape, classes, generator=torch.Generator().manual_seed(0))
    assert model(torch.zeros(2, *shape)).shape == (2, classes)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("lenet5", (1, 11, 28)), ("m3", (1, 20, 20)), ("m7", (3, 24, 32)), ("vit", (1, 30, 30)),
     ("resnet", (1, 3, 3)), ("airbench", (3, 8, 8)), ("paper-ensemble", (1, 16, 16))],
)  # fmt: skip
def test_images_that_do_not_fit_are_refused_with_advice(name: str, shape: tuple[int, int, int]) -> None:
    with pytest.raises(UsageError, match=r"got .*\. Use another"):
        find_recipe(name).model(shape, 10)


@ALL
def test_a_recipes_file_opens_with_its_claim(recipe: AnyRecipe) -> None:
    file = import_module(f"firstlight.recipes._{recipe.name.replace('-', '_')}")
    for claim in recipe.claims:
        assert f"{claim.accuracy_percent:.2f} %" in file.__doc__
    if not recipe.claims and not isinstance(recipe, EstimatorRecipe):
        assert "not measured" in file.__doc__.lower()


@ALL
def test_settings_are_plain_and_name_everything(recipe: AnyRecipe) -> None:
    assert json.loads(json.dumps(recipe.settings)) == recipe.settings
    wanted = {"epochs", "batch_size", "optimizer", "schedule", "label_smoothing", "augment"}
    if isinstance(recipe, EstimatorRecipe):
        wanted = {"estimator", "pixels", *recipe.parameters}
    if isinstance(recipe, EnsembleRecipe):
        wanted = {"members", "combine"}
    assert wanted <= set(recipe.settings)


@ALL
def test_every_claim_is_a_mean_over_seeds(recipe: AnyRecipe) -> None:
    for claim in recipe.claims:
        assert 0 < claim.accuracy_percent < 100
        if isinstance(recipe, EstimatorRecipe) and not recipe.is_random:
            assert (claim.seeds, claim.sd_percent) == (1, 0.0), "another seed would only repeat it"
        else:
            is_slow = isinstance(recipe, EnsembleRecipe) or claim.train_seconds > 60
            assert claim.seeds >= (5 if is_slow else 10)
            assert claim.sd_percent > 0


def test_adjusted_changes_what_is_given_and_drops_the_claims() -> None:
    recipe = find_recipe("mlp")
    assert adjusted(recipe) is recipe
    changed = adjusted(recipe, epochs=2, batch_size=64, learning_rate=0.1)
    assert (changed.epochs, changed.batch_size, changed.optimizer.learning_rate) == (2, 64, 0.1)
    assert changed.optimizer.betas == recipe.optimizer.betas
    assert changed.claims == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs is a number above 0; got 0"),
        ({"epochs": math.nan}, "epochs is a number above 0; got nan"),
        ({"batch_size": 0}, "batch_size is a whole number of at least 1; got 0"),
        ({"batch_size": 1.5}, "batch_size is a whole number"),
        ({"batch_size": True}, "batch_size is a whole number"),
        ({"learning_rate": -1.0}, "learning_rate is a number above 0; got -1"),
        ({"learning_rate": math.inf}, "learning_rate is a number above 0; got inf"),
    ],
)
def test_impossible_settings_are_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        adjusted(find_recipe("mlp"), **change)  # type: ignore[arg-type]


def test_impossible_betas_are_refused() -> None:
    with pytest.raises(UsageError, match="each of betas is a number at least 0 and below 1; got 1"):
        AdamWSettings(0.1, betas=(0.9, 1.0))


def test_an_unknown_recipe_says_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no recipe 'mpl'\. Did you mean 'mlp'"):
        find_recipe("mpl")
    assert find_recipe("MLP_fast").name == "mlp-fast"
