"""What scikit-learn has learnt, as tensors. Oracle: scikit-learn's own answers to the same pixels, class by class."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from firstlight import ImageDataset, load
from firstlight._errors import UsageError
from firstlight.models import (
    EstimatorModel,
    ForestModel,
    LinearModel,
    NeighboursModel,
    SupportVectorModel,
)
from firstlight.models._estimator import LEAST_PROBABILITY
from firstlight.recipes import EstimatorRecipe, find_recipe

NAMES = ["linear", "knn", "decision-tree", "random-forest", "extra-trees", "svm"]
KINDS = [LinearModel, NeighboursModel, ForestModel, SupportVectorModel]
each_recipe = pytest.mark.parametrize("name", NAMES)
each_kind = pytest.mark.parametrize("kind", KINDS)
SHAPE = (1, 28, 28)


def small(name: str) -> EstimatorRecipe:
    """The recipe, with ten trees for a forest."""
    recipe = find_recipe(name)
    assert isinstance(recipe, EstimatorRecipe)
    trees = {"n_estimators": 10} if "n_estimators" in recipe.parameters else {}
    return replace(recipe, parameters={**recipe.parameters, **trees})


def part(count: int, classes: tuple[int, ...] = tuple(range(10))) -> ImageDataset:
    images = load("mnist")[0]
    wanted = torch.isin(images.labels, torch.tensor(classes)).nonzero().flatten()
    return images.subset(wanted[:count])


def colour(count: int, *, classes: int = 3, seed: int = 0) -> ImageDataset:
    """Small colour pictures whose classes differ in their red."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (count,), generator=draw)
    images = torch.randint(0, 60, (count, 3, 4, 5), generator=draw, dtype=torch.uint8)
    images[:, 0] += (labels * 90).to(torch.uint8)[:, None, None]
    names = tuple(map(str, range(classes)))
    return ImageDataset("colours", "train", images, labels, names, (0.3, 0.2, 0.1), (0.2, 0.3, 0.25))


def normalised(images: ImageDataset) -> torch.Tensor:
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (images.mean, images.std))
    return (images.images / 255 - mean) / std


def rows(images: ImageDataset) -> tuple[Any, Any]:
    return images.X_y(dtype=np.float32, scaled=True)


def adopted(recipe: EstimatorRecipe, estimator: Any, images: ImageDataset) -> EstimatorModel:
    model = recipe.model(images.image_shape, len(images.classes))
    assert isinstance(model, EstimatorModel)
    model.adopt(estimator, mean=images.mean, std=images.std)
    return model.eval()


@cache
def fitted(name: str, classes: tuple[int, ...] = tuple(range(10))) -> tuple[Any, EstimatorModel]:
    recipe, images = small(name), part(600, classes)
    estimator = recipe.make_estimator(3).fit(*rows(images))
    return estimator, adopted(recipe, estimator, images)


def expected_log_probabilities(name: str, estimator: Any, x: Any) -> torch.Tensor:
    if name == "svm":
        return torch.log_softmax(torch.tensor(estimator.decision_function(x)).double(), dim=1)
    return torch.tensor(estimator.predict_proba(x)).double().clamp_min(LEAST_PROBABILITY).log()


@each_recipe
@pytest.mark.parametrize("classes", [tuple(range(10)), (3, 4, 9)], ids=["ten", "three"])
def test_answers_are_scikit_learns(name: str, classes: tuple[int, ...]) -> None:
    estimator, model = fitted(name, classes)
    test = load("mnist")[1][:1000]
    x, _ = rows(test)
    answers = model(normalised(test))
    assert answers.dtype == torch.float32
    assert answers.argmax(dim=1).tolist() == estimator.predict(x).tolist()
    expected = expected_log_probabilities(name, estimator, x)
    torch.testing.assert_close(answers[:, list(classes)].double(), expected, atol=2e-4, rtol=1e-5)
    rest = [number for number in range(10) if number not in classes]
    assert (answers[:, rest] == math.log(LEAST_PROBABILITY)).all()


@each_recipe
def test_two_classes_are_scikit_learns_too(name: str) -> None:
    estimator, model = fitted(name, (4, 9))
    test = load("mnist")[1].subset(
        torch.isin(load("mnist")[1].labels, torch.tensor([4, 9])).nonzero().flatten()
    )
    right = model(normalised(test)).argmax(dim=1)
    assert right.tolist() == estimator.predict(rows(test)[0]).tolist()
    assert set(right.tolist()) == {4, 9}


@each_recipe
def test_colour_is_taken_in_the_same_order(name: str) -> None:
    images, test = colour(200), colour(300, seed=1)
    estimator = small(name).make_estimator(0).fit(*rows(images))
    x, y = rows(test)
    right = adopted(small(name), estimator, images)(normalised(test)).argmax(dim=1)
    assert right.tolist() == estimator.predict(x).tolist()
    assert (right.numpy() == y).mean() > 0.8


@each_recipe
def test_the_size_of_a_batch_changes_no_answer(name: str) -> None:
    _, model = fitted(name)
    images = normalised(load("mnist")[1][:300])
    parts = torch.cat([model(images[:1]), model(images[1:10]), model(images[10:])])
    torch.testing.assert_close(parts, model(images), atol=1e-5, rtol=0)
    assert torch.equal(parts.argmax(dim=1), model(images).argmax(dim=1))


@each_recipe
def test_saved_tables_give_the_same_model(name: str) -> None:
    _, model = fitted(name)
    again = small(name).model(SHAPE, 10)
    again.load_state_dict(model.state_dict())
    images = normalised(load("mnist")[1][:200])
    assert torch.equal(again(images), model(images))
    assert not list(model.parameters())


@each_kind
def test_before_learning_all_classes_are_equally_likely(kind: type[EstimatorModel]) -> None:
    model = kind((3, 8, 8), 4)
    assert model.learnt_numbers <= 1
    torch.testing.assert_close(model(torch.zeros(2, 3, 8, 8)).exp(), torch.full((2, 4), 0.25))
    model.load_state_dict(kind((3, 8, 8), 4).state_dict())


@each_kind
def test_no_model_without_pixels_or_classes(kind: type[EstimatorModel]) -> None:
    with pytest.raises(UsageError, match="needs pixels and two classes"):
        kind((1, 0, 28), 10)
    with pytest.raises(UsageError, match="needs pixels and two classes"):
        kind(SHAPE, 1)


def test_of_images_at_equal_distance_the_earlier_counts() -> None:
    images = torch.zeros(4, 1, 1, 3, dtype=torch.uint8)
    images[0, ..., 0], images[1, ..., 1], images[2, ..., 2] = 9, 9, 9
    images[3] = 200
    data = ImageDataset("ties", "train", images, torch.tensor([2, 1, 1, 0]), ("a", "b", "c"), (0.1,), (1.0,))
    model = NeighboursModel((1, 1, 3), 3)
    model.adopt(KNeighborsClassifier(1).fit(*rows(data)), mean=data.mean, std=data.std)
    assert model(torch.zeros(1, 1, 1, 3) - 0.1).argmax().item() == 2


def test_neighbours_are_found_without_rounding() -> None:
    """Distances of 600 * 255**2 that differ by one need more than float32's 24 bits."""
    images = torch.full((2, 1, 20, 30), 255, dtype=torch.uint8)
    images[0, 0, 0, 0] = 0  # one pixel is 255 nearer to the black image
    images[1, 0, 0, 0] = 1
    data = ImageDataset("near", "train", images, torch.tensor([1, 0]), ("a", "b"), (0.0,), (1.0,))
    model = NeighboursModel((1, 20, 30), 2)
    model.adopt(KNeighborsClassifier(1).fit(*rows(data)), mean=data.mean, std=data.std)
    assert model(torch.zeros(1, 1, 20, 30)).argmax().item() == 1


def test_what_cannot_be_held_is_refused() -> None:
    x, y = rows(part(50))
    cases: list[tuple[EstimatorModel, Any, str]] = [
        (NeighboursModel(SHAPE, 10), KNeighborsClassifier(weights="distance"), "uniform weights"),
        (NeighboursModel(SHAPE, 10), KNeighborsClassifier(metric="manhattan"), "got 'manhattan'"),
        (SupportVectorModel(SHAPE, 10), SVC(kernel="linear"), "Gaussian kernels"),
        (ForestModel(SHAPE, 10), LogisticRegression(max_iter=500), "decision trees and forests"),
    ]
    for model, estimator, message in cases:
        with pytest.raises(UsageError, match=message):
            model.adopt(estimator.fit(x, y), mean=(0.0,), std=(1.0,))


def damaged(name: str, **tables: torch.Tensor) -> dict[str, torch.Tensor]:
    return fitted(name)[1].state_dict() | tables


@pytest.mark.parametrize(
    ("name", "tables", "message"),
    [
        ("linear", {"weight": torch.zeros(10, 5)}, "weights of"),
        ("linear", {"seen": torch.arange(1, 11)}, "it knows classes"),
        ("linear", {"bias": torch.zeros(10, dtype=torch.float64)[:3]}, "size mismatch|weights of|dtype"),
        ("knn", {"labels": torch.full((600,), 10)}, "images, labels and number of neighbours"),
        ("knn", {"neighbours": torch.tensor(0)}, "images, labels and number of neighbours"),
        ("random-forest", {"left": torch.full((3,), 1, dtype=torch.int32)}, "tables of nodes"),
        ("random-forest", {"roots": torch.tensor([2**40])}, "tables of nodes"),
        ("random-forest", {"depth": torch.tensor(2**60)}, "tables of nodes"),
        ("svm", {"weight": torch.zeros(2, 45)}, "support vectors and weights"),
    ],
)
def test_damaged_tables_are_refused(name: str, tables: dict[str, torch.Tensor], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        small(name).model(SHAPE, 10).load_state_dict(damaged(name, **tables))


def test_a_missing_table_is_missed() -> None:
    tables = fitted("linear")[1].state_dict()
    del tables["bias"]
    with pytest.raises(RuntimeError, match="Missing key"):
        LinearModel(SHAPE, 10).load_state_dict(tables)


def test_trees_that_are_not_fully_grown_are_held_too() -> None:
    images = part(300)
    estimator = RandomForestClassifier(5, max_leaf_nodes=12, random_state=0).fit(*rows(images))
    model = adopted(small("random-forest"), estimator, images)
    test = load("mnist")[1][:300]
    expected = torch.tensor(estimator.predict_proba(rows(test)[0])).clamp_min(LEAST_PROBABILITY).log()
    torch.testing.assert_close(model(normalised(test)).double(), expected, atol=1e-5, rtol=1e-5)
