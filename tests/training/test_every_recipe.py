"""Common checks over all networks' recipes, by behaviour: each learns two easy patterns, and comes back from disk."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from firstlight.datasets import ImageDataset
from firstlight.recipes import RECIPES, Recipe, adjusted
from firstlight.training import Run, load_run, predict_logits, save_run, train

NETWORKS = [recipe for recipe in RECIPES.values() if isinstance(recipe, Recipe)]


def bars(count: int, *, seed: int) -> ImageDataset:
    """Bars that lie and bars that stand, somewhere in noise."""
    random = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 60, (count, 1, 28, 28), dtype=torch.uint8, generator=random)
    labels = torch.arange(count) % 2
    for image, label in zip(images, labels.tolist(), strict=True):
        place = int(torch.randint(9, 17, (), generator=random))
        bar = image[0, place : place + 3, 5:23]
        bar.fill_(255)
        image[0] = image[0].T.clone() if label else image[0]
    images[0, 0, 0, 0] = 0
    return ImageDataset(
        name="bars", split="train", images=images, labels=labels, classes=("lying", "standing"),
        mean=(0.2,), std=(0.3,),
    )  # fmt: skip


@pytest.fixture(scope="module", params=NETWORKS, ids=lambda recipe: recipe.name)
def run(request: pytest.FixtureRequest) -> Run:
    pair = bars(64, seed=0), bars(40, seed=1)
    return train(adjusted(request.param, epochs=5, batch_size=16), dataset=pair, seed=0, device="cpu")


def test_it_learns(run: Run) -> None:
    guess = math.log(2)
    assert run.history[-1].loss < guess - 0.1
    assert torch.isfinite(run.test_logits).all()


def test_it_comes_back_from_disk_bit_for_bit(run: Run, tmp_path: Path) -> None:
    images = bars(40, seed=1)
    again = load_run(save_run(run, tmp_path).folder)
    assert again.record == run.record
    assert torch.equal(predict_logits(again.model, images), predict_logits(run.model, images))
