"""By behaviour: a training that blows up stops, says at which step, and keeps weights that are finite."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from firstlight import load, train
from firstlight._errors import TrainingDivergedError, UsageError
from firstlight.datasets import ImageDataset
from firstlight.models import MLP
from firstlight.recipes import AdamWSettings, Exponential, Recipe, adjusted, find_recipe
from firstlight.training import CheckpointWritten, Event, StepDone, fit, load_run, resume
from firstlight.training import _loop as loop_module

Pair = tuple[ImageDataset, ImageDataset]
ONE_LAYER = Recipe(
    "one",
    "for tests",
    MLP,
    epochs=3,
    batch_size=100,
    optimizer=AdamWSettings(0.01),
    schedule=Exponential(1.0),
)


@pytest.fixture(scope="module")
def pair() -> Pair:
    train_images, test = load("mnist")
    return train_images[:600], test[:200]


class BlowsUp(MLP):
    """An MLP whose logits are not numbers from its n-th training batch on."""

    def __init__(self, *args: object, batch: int, generator: torch.Generator | None = None) -> None:
        super().__init__(*args, generator=generator)  # type: ignore[arg-type]
        self.batches, self.batch = 0, batch

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = super().forward(images)
        self.batches += self.training
        return logits * math.nan if self.training and self.batches >= self.batch else logits


def blowing_up(batch: int) -> Recipe:
    def model(*args: object, generator: torch.Generator | None = None) -> nn.Module:
        return BlowsUp(*args, batch=batch, generator=generator)

    return replace(ONE_LAYER, model=model)  # type: ignore[arg-type]


def weights(model: nn.Module) -> torch.Tensor:
    return torch.cat([value.flatten() for value in model.state_dict().values()])


def after_epochs(pair: Pair, epochs: int) -> torch.Tensor:
    """The weights that the same training has after some epochs: its rate does not depend on the end."""
    return weights(train(replace(ONE_LAYER, epochs=epochs), dataset=pair, device="cpu").model)


def test_it_says_the_step_and_keeps_the_last_epoch(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(
        TrainingDivergedError, match=r"diverged at step 9: its loss is nan\..*after epoch 1\."
    ) as caught:
        train(blowing_up(9), dataset=pair, device="cpu", folder=tmp_path)
    error = caught.value
    assert (error.step, error.exit_code) == (9, 1)
    assert torch.equal(weights(error.run.model), after_epochs(pair, 1))
    record = error.run.record
    assert (record.status, record.step, record.test_accuracy) == ("diverged", 9, None)
    assert record.problem == "Training diverged at step 9: its loss is nan."
    assert all(map(math.isfinite, record.loss_curve))
    assert len(record.loss_curve) == 8
    assert error.run.folder == tmp_path
    assert {path.name for path in tmp_path.iterdir()} == {"run.json", "model.safetensors"}
    json.loads((tmp_path / "run.json").read_text(), parse_constant=pytest.fail)  # no NaN, which JSON has not
    with pytest.raises(
        UsageError, match=r"would diverge again\. Training diverged at step 9.*lower learning rate"
    ):
        resume(tmp_path, recipe=blowing_up(9), dataset=pair)


def test_within_the_first_epoch_it_keeps_the_last_checkpoint(pair: Pair, tmp_path: Path) -> None:
    steps: list[int] = []

    def watch(event: Event) -> None:
        if isinstance(event, CheckpointWritten):
            steps.append(event.step)

    with pytest.raises(TrainingDivergedError, match=r"those of step 4\. The learning rate rises to 0\.01"):
        train(
            blowing_up(5), dataset=pair, device="cpu", folder=tmp_path, checkpoint_seconds=0, on_event=watch
        )
    assert steps == [1, 2, 3, 4]
    kept = load_run(tmp_path, recipe=ONE_LAYER)
    stopped: list[torch.Tensor] = []

    def copy(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == 4:
            stopped.append(weights(model))

    model = MLP((1, 28, 28), 10, generator=_first_weights())
    for event in fit(model, pair[0], ONE_LAYER, device="cpu"):
        copy(event)
    assert torch.equal(weights(kept.model), stopped[0])


def test_with_nothing_else_it_keeps_the_first_weights(pair: Pair) -> None:
    recipe = adjusted(find_recipe("mlp-fast"), learning_rate=1e30, batch_size=100)
    with pytest.raises(
        TrainingDivergedError, match=r"the first ones: no epoch was finished.*rises to 1e\+30"
    ) as caught:
        train(recipe, dataset=pair, device="cpu")
    first = MLP((1, 28, 28), 10, generator=_first_weights())
    assert torch.equal(weights(caught.value.run.model), weights(first))
    assert torch.isfinite(weights(caught.value.run.model)).all()


def test_where_no_step_is_waited_for_the_epochs_end_says_the_step(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a GPU: the loop does not look at each loss.
    blind = SimpleNamespace(isfinite=lambda _: True, ceil=math.ceil)
    monkeypatch.setattr(loop_module, "math", blind)
    with pytest.raises(
        TrainingDivergedError, match=r"diverged at step 8: its loss is nan.*after epoch 1\."
    ) as caught:
        train(blowing_up(8), dataset=pair, device="cpu")
    assert len(caught.value.run.history) == 1
    assert torch.equal(weights(caught.value.run.model), after_epochs(pair, 1))


def test_weights_that_are_not_finite_after_the_last_step_are_noticed(pair: Pair) -> None:
    recipe = replace(ONE_LAYER, epochs=1 / 6, optimizer=AdamWSettings(1e38))
    with pytest.raises(TrainingDivergedError, match="diverged at step 1: its weights are not finite"):
        train(replace(recipe, optimizer=AdamWSettings(1e38, eps=1e-38)), dataset=pair, device="cpu")


def test_the_loop_itself_says_so_too(pair: Pair) -> None:
    model = blowing_up(2).model((1, 28, 28), 10)
    events = fit(model, pair[0], ONE_LAYER, device="cpu")
    with pytest.raises(TrainingDivergedError, match="at step 2") as caught:
        list(events)
    assert caught.value.run is None


def _first_weights() -> torch.Generator:
    from firstlight._seeds import generator

    return generator(0, "weights")
