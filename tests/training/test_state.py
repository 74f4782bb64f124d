"""Invariance: a training that goes on from any of its events ends as one that was never cut off, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from firstlight import load
from firstlight._errors import DataCorruptError
from firstlight.datasets import ImageDataset
from firstlight.loader import Augment
from firstlight.models import MLP
from firstlight.recipes import (
    AdamWSettings,
    EMASettings,
    Exponential,
    LookaheadSettings,
    MuonSettings,
    Recipe,
    SGDSettings,
)
from firstlight.training import EpochDone, Started, StepDone, TrainingState, fit


def small_mlp(shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None) -> MLP:
    return MLP(shape, classes, hidden=(16,), generator=generator)


def small_conv(
    shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
) -> nn.Sequential:
    model = nn.Sequential(
        nn.Conv2d(shape[0], 8, 5, stride=2, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, classes),
    )
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.1, generator=generator)
    return model


PLAIN = Recipe("plain", "for tests", small_mlp, epochs=2.5, batch_size=100, optimizer=AdamWSettings(0.01))
RECIPES = {
    "plain": PLAIN,
    "averaged": replace(
        PLAIN, model=small_conv, optimizer=SGDSettings(0.05), averaging=EMASettings(0.9),
        schedule=Exponential(0.5), augment=Augment(shift=2, rotate=10), channels_last=True,
    ),
    "lookahead": replace(
        PLAIN, model=small_conv, averaging=LookaheadSettings(0.5, every=3), augment=Augment(elastic=(3, 4), flip=True),
        optimizer=MuonSettings(0.02, others=SGDSettings(0.05, norm_bias_rate=4.0)), label_smoothing=0.1,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def images() -> ImageDataset:
    return load("mnist")[0][:250]


@pytest.fixture(scope="module")
def held_out() -> ImageDataset:
    return load("mnist")[0][1000:1100]


Told = list[dict[str, Any]]


def trained(
    recipe: Recipe, images: ImageDataset, held_out: ImageDataset, resume: dict[str, Tensor] | None = None
) -> tuple[nn.Module, Told, list[dict[str, Tensor]]]:
    """Train, and return the model, what was told (without times), and a copy of the state at each event."""
    model = recipe.model((1, 28, 28), 10, generator=torch.Generator().manual_seed(0))
    told: Told = []
    states = []
    for event in fit(model, images, recipe, seed=3, device="cpu", validation=held_out, resume=resume):
        if isinstance(event, Started):
            state = event.state
        elif isinstance(event, StepDone):
            told.append({"step": event.step, "loss": float(event.loss)})
        else:
            told.append({**vars(event), "seconds": None})
        assert isinstance(state, TrainingState)
        states.append({name: value.clone() for name, value in state.tensors().items()})
    return model, told, states


@pytest.mark.parametrize("name", RECIPES)
def test_going_on_from_any_event_ends_in_the_same_bits(
    name: str, images: ImageDataset, held_out: ImageDataset
) -> None:
    recipe = RECIPES[name]
    model, told, states = trained(recipe, images, held_out)
    assert [part["step"] for part in told] == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 8]
    for place, state in enumerate(states):
        again, rest, later = trained(recipe, images, held_out, resume=state)
        assert rest == told[place:], f"from event {place}"
        for key, value in model.state_dict().items():
            assert torch.equal(again.state_dict()[key], value), f"{key} from event {place}"
        for key, value in states[-1].items():
            assert key == "seconds" or torch.equal(later[-1][key], value), f"{key} from event {place}"


def test_seconds_add_up(images: ImageDataset, held_out: ImageDataset) -> None:
    state = trained(PLAIN, images, held_out)[2][4]
    state["seconds"] = torch.tensor(1000.0, dtype=torch.float64)
    events = list(fit(small_mlp((1, 28, 28), 10), images, PLAIN, device="cpu", resume=state))
    assert all(1000 < event.seconds < 1060 for event in events if isinstance(event, EpochDone))


def test_the_tensors_are_live(images: ImageDataset) -> None:
    model = small_mlp((1, 28, 28), 10)
    events = fit(model, images, PLAIN, device="cpu")
    started = next(events)
    assert isinstance(started, Started)
    assert started.state is not None
    weight = started.state.tensors()["model.linear1.weight"]
    before = weight.clone()
    next(events)
    assert not torch.equal(weight, before)
    assert weight.data_ptr() == model.linear1.weight.data_ptr()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"model.linear1.weight": torch.zeros(3, 784)},
            "model.linear1.weight is missing or has another shape",
        ),
        ({"optimizer.mean.0": None}, "optimizer.mean.0 is missing"),
        ({"step": torch.tensor(99), "losses": torch.zeros(99)}, "it is at step 99"),
        ({"step": None}, "is missing"),
        ({"losses": torch.zeros(2)}, "losses is missing or has another shape"),
    ],
)
def test_a_state_of_another_training_is_refused_and_changes_nothing(
    change: dict[str, Tensor | None], message: str, images: ImageDataset, held_out: ImageDataset
) -> None:
    state = {**trained(PLAIN, images, held_out)[2][4], **change}
    state = {name: value for name, value in state.items() if value is not None}
    model = small_mlp((1, 28, 28), 10)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(DataCorruptError, match=message):
        list(fit(model, images, PLAIN, device="cpu", resume=state))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
