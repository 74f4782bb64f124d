"""Oracle: the same training written out with torch's own optimizer; invariance: seed, drawing, validation."""

from __future__ import annotations

import copy
from dataclasses import replace
from itertools import islice

import pytest
import torch
from torch.nn import functional

from firstlight import batches, load
from firstlight.datasets import ImageDataset
from firstlight.models import MLP
from firstlight.recipes import AdamWSettings, Recipe
from firstlight.training import EpochDone, Precision, Started, StepDone, fit
from firstlight.training import _loop as loop_module

SMALL = Recipe(
    "small", "for tests", MLP, epochs=1.5, batch_size=100,
    optimizer=AdamWSettings(0.003, weight_decay=0.1), label_smoothing=0.1,
)  # fmt: skip


@pytest.fixture(scope="module")
def images() -> ImageDataset:
    return load("mnist")[0][:1050]


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        loop_module, "choose_precision", lambda device: Precision(torch.float32, "for a test")
    )


def model() -> MLP:
    return MLP((1, 28, 28), 10, hidden=(32,), generator=torch.Generator().manual_seed(0))


def test_the_loop_is_the_textbooks(images: ImageDataset) -> None:
    ours = model()
    losses = [
        float(e.loss) for e in fit(ours, images, SMALL, seed=4, device="cpu") if isinstance(e, StepDone)
    ]
    theirs = model()
    loader = batches(images, 100, shuffle=True, seed=4, device="cpu")
    optimizer = torch.optim.AdamW(theirs.parameters(), betas=(0.9, 0.99), weight_decay=0.1)
    two_epochs = [batch for _ in range(2) for batch in loader]
    assert len(losses) == 16
    for step, (pixels, labels) in enumerate(islice(two_epochs, 16)):
        place = (step + 0.5) / 16
        optimizer.param_groups[0]["lr"] = 0.003 * (place / 0.2 if place < 0.2 else (1 - place) / 0.8)
        optimizer.zero_grad()
        loss = functional.cross_entropy(theirs(pixels), labels, label_smoothing=0.1)
        assert losses[step] == pytest.approx(loss.item(), rel=1e-4)
        loss.backward()
        optimizer.step()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-3, atol=1e-5)


def test_events_come_in_order_and_count_right(images: ImageDataset) -> None:
    events = list(fit(model(), images, SMALL, device="cpu"))
    assert isinstance(events[0], Started)
    assert events[0].steps == 16
    assert events[0].parameters == 784 * 32 + 32 + 320 + 10
    assert [event.step for event in events if isinstance(event, StepDone)] == list(range(1, 17))
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [event.step for event in epochs] == [11, 16]
    assert [event.epoch for event in epochs] == [1.0, 16 / 11]
    assert epochs[0].seconds < epochs[1].seconds
    assert epochs[1].loss < epochs[0].loss
    assert 0.3 < epochs[0].train_accuracy < epochs[1].train_accuracy <= 1.0


def test_same_seed_same_weights_another_seed_other_weights(images: ImageDataset) -> None:
    results = []
    for seed in (0, 0, 1):
        network = model()
        list(fit(network, images, SMALL, seed=seed, device="cpu"))
        results.append(torch.cat([parameter.flatten() for parameter in network.parameters()]))
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])


def test_watching_validation_changes_nothing(images: ImageDataset) -> None:
    watched, alone = model(), model()
    events = list(fit(watched, images, SMALL, device="cpu", validation=load("mnist")[0][2000:2500]))
    list(fit(alone, images, SMALL, device="cpu"))
    for mine, other in zip(watched.parameters(), alone.parameters(), strict=True):
        assert torch.equal(mine, other)
    scores = [event.validation_accuracy for event in events if isinstance(event, EpochDone)]
    assert all(score is not None and 0.3 < score < 1 for score in scores)


def test_the_data_set_is_not_changed(images: ImageDataset) -> None:
    before = copy.deepcopy(images.images)
    list(fit(model(), images, replace(SMALL, epochs=0.2), device="cpu"))
    assert torch.equal(images.images, before)


def test_a_fraction_of_a_step_is_one_step(images: ImageDataset) -> None:
    events = list(fit(model(), images, replace(SMALL, epochs=0.001), device="cpu"))
    assert isinstance(events[0], Started)
    assert events[0].steps == 1
