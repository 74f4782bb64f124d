"""Oracle: an ensemble is its members, trained one by one; invariance: cut off or not, it is the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from firstlight import load, train
from firstlight._errors import DataMissingError, TrainingDivergedError, UsageError
from firstlight._metrics import accuracy
from firstlight._seeds import derived_seed
from firstlight.datasets import ImageDataset
from firstlight.models import MLP, Ensemble, combined_logits
from firstlight.recipes import AdamWSettings, EnsembleRecipe, Recipe
from firstlight.training import (
    CheckpointWritten,
    EpochDone,
    Event,
    MemberStarted,
    Run,
    StepDone,
    TrainingInterrupted,
    load_run,
    predict_logits,
    resume,
    save_run,
)


def wide(shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None) -> MLP:
    return MLP(shape, classes, hidden=(48,), generator=generator)


SMALL = Recipe("small", "for tests", MLP, epochs=1.5, batch_size=200, optimizer=AdamWSettings(0.01))
WIDE = Recipe(
    "wide", "for tests", wide, epochs=1, batch_size=100, optimizer=AdamWSettings(0.01), channels_last=True
)
TRIO = EnsembleRecipe("trio", "for tests", members=((SMALL, 2), (WIDE, 1)))

Pair = tuple[ImageDataset, ImageDataset]


@pytest.fixture(scope="module")
def pair() -> Pair:
    train_images, test = load("mnist")
    return train_images[:660], test[:250]


@pytest.fixture(scope="module")
def whole(pair: Pair) -> Run:
    return train(TRIO, dataset=pair, seed=7, validate=True, device="cpu")


def test_members_are_what_train_gives_for_their_seeds(pair: Pair, whole: Run) -> None:
    assert isinstance(whole.model, Ensemble)
    alone = [
        train(recipe, dataset=pair, seed=derived_seed(7, "member", number), validate=True, device="cpu")
        for number, recipe in enumerate(TRIO.recipes, start=1)
    ]
    for own, member, record in zip(alone, whole.model.members, whole.record.members, strict=True):
        for name, value in own.model.state_dict().items():
            assert torch.equal(member.state_dict()[name], value)
        assert (record.recipe, record.seed, record.test_accuracy) == (
            own.record.recipe, own.record.seed, own.test_accuracy,
        )  # fmt: skip
        assert record.validation_accuracy == own.history[-1].validation_accuracy
    logits = [own.test_logits for own in alone if own.test_logits is not None]
    assert whole.member_test_logits is not None
    assert torch.equal(whole.member_test_logits, torch.stack(logits))
    assert whole.test_logits is not None
    mean = torch.stack([each.softmax(dim=1) for each in logits]).mean(dim=0)
    torch.testing.assert_close(whole.test_logits.softmax(dim=1), mean)
    held_out = [own.validation_logits for own in alone if own.validation_logits is not None]
    assert whole.validation_logits is not None
    assert torch.equal(whole.validation_logits, combined_logits(torch.stack(held_out)))
    labels = pair[0].canonical_split()[1].labels
    assert whole.record.validation_accuracy == accuracy(whole.validation_logits, labels)


def test_its_record_adds_up(pair: Pair, whole: Run) -> None:
    record = whole.record
    assert (record.recipe, record.status, record.seed) == ("trio", "finished", 7)
    assert record.epochs == pytest.approx(1.5 + 1.5 + 1, abs=0.4)
    assert record.step == record.steps
    assert record.parameters == sum(member.parameters for member in record.members)
    assert record.train_seconds == pytest.approx(sum(member.train_seconds for member in record.members))
    assert [event.epoch for event in record.history] == sorted(event.epoch for event in record.history)
    assert record.history[-1].seconds == pytest.approx(record.train_seconds)
    assert record.history[-1].step == record.steps
    assert len(record.history) == 5
    assert 0 < len(record.loss_curve) <= 100
    assert json.loads(json.dumps(record.settings)) == record.settings


def test_it_comes_back_whole(tmp_path: Path, pair: Pair, whole: Run) -> None:
    again = load_run(save_run(whole, tmp_path).folder or "", recipe=TRIO)
    assert again.record == whole.record
    assert whole.test_logits is not None
    assert torch.equal(predict_logits(again.model, pair[1], precision=again.precision), whole.test_logits)
    assert again.member_test_logits is not None
    assert whole.member_test_logits is not None
    assert torch.equal(again.member_test_logits, whole.member_test_logits)


def test_events_tell_whose_they_are(pair: Pair) -> None:
    told: list[Event] = []
    train(TRIO, dataset=pair, device="cpu", on_event=told.append)
    assert [event.recipe for event in told if isinstance(event, MemberStarted)] == ["small", "small", "wide"]
    assert isinstance(told[0], MemberStarted)
    epochs = [event.epoch for event in told if isinstance(event, EpochDone)]
    assert epochs == [1.0, 1.5, 1.0, 1.5, 1.0]


class CutOffError(Exception):
    pass


def cut_at(member: int, step: int) -> Callable[[Event], None]:
    now = 0

    def watch(event: Event) -> None:
        nonlocal now
        if isinstance(event, MemberStarted):
            now = event.member
        if isinstance(event, CheckpointWritten) and (now, event.step) == (member, step):
            raise CutOffError

    return watch


def test_cut_off_within_two_members_it_is_the_one_that_was_not(
    tmp_path: Path, pair: Pair, whole: Run
) -> None:
    with pytest.raises(CutOffError):
        train(
            TRIO, dataset=pair, seed=7, validate=True, device="cpu",
            folder=tmp_path, checkpoint_seconds=0, on_event=cut_at(1, 2),
        )  # fmt: skip
    with pytest.raises(CutOffError):
        resume(tmp_path, recipe=TRIO, dataset=pair, checkpoint_seconds=0, on_event=cut_at(2, 3))
    fields = json.loads((tmp_path / "run.json").read_text())
    assert (fields["status"], fields["step"]) == ("running", 4 + 3)
    assert fields["steps"] == whole.record.steps
    told: list[Event] = []
    run = resume(tmp_path, recipe=TRIO, dataset=pair, on_event=told.append)
    assert [event.member for event in told if isinstance(event, MemberStarted)] == [2, 3]
    assert next(event.step for event in told if isinstance(event, StepDone)) == 4
    for name, value in whole.model.state_dict().items():
        assert torch.equal(run.model.state_dict()[name], value)
    assert run.test_logits is not None
    assert whole.test_logits is not None
    assert torch.equal(run.test_logits, whole.test_logits)
    for one, two in zip(run.history, whole.history, strict=True):
        assert replace(one, seconds=0) == replace(two, seconds=0)
    assert run.record.loss_curve == whole.record.loss_curve
    assert [note["step"] for note in run.record.resumes] == [2, 7]
    assert {path.name for path in tmp_path.iterdir()} == {
        "run.json",
        "model.safetensors",
        "predictions.safetensors",
    }


def test_ctrl_c_keeps_the_members_so_far(tmp_path: Path, pair: Pair, whole: Run) -> None:
    steps = 0

    def press(event: Event) -> None:
        nonlocal steps
        steps += isinstance(event, StepDone)
        if isinstance(event, StepDone) and steps == 4 + 3:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted) as stopped:
        train(TRIO, dataset=pair, seed=7, validate=True, device="cpu", folder=tmp_path, on_event=press)
    run = stopped.value.run
    assert (run.record.status, len(run.record.members)) == ("interrupted", 2)
    read = load_run(tmp_path, recipe=TRIO)
    assert isinstance(read.model, Ensemble)
    assert len(read.model.members) == 2
    resumed = resume(tmp_path, recipe=TRIO, dataset=pair)
    assert whole.test_logits is not None
    assert resumed.test_logits is not None
    assert torch.equal(resumed.test_logits, whole.test_logits)


def test_a_member_that_diverges_ends_it(tmp_path: Path, pair: Pair) -> None:
    wild = replace(WIDE, optimizer=AdamWSettings(1e30))
    with pytest.raises(TrainingDivergedError, match="rises to 1e\\+30") as caught:
        train(
            EnsembleRecipe("two", "for tests", members=((SMALL, 1), (wild, 1))),
            dataset=pair, device="cpu", folder=tmp_path,
        )  # fmt: skip
    record = caught.value.run.record
    assert (record.status, len(record.members)) == ("diverged", 2)
    assert "diverged at step" in (record.problem or "")
    assert torch.isfinite(
        torch.cat([value.flatten() for value in caught.value.run.model.state_dict().values()])
    ).all()
    assert json.loads((tmp_path / "run.json").read_text())["status"] == "diverged"


def test_a_recipe_of_ones_own_is_needed_to_read_it(tmp_path: Path, pair: Pair, whole: Run) -> None:
    with pytest.raises((UsageError, DataMissingError), match="no recipe 'trio'"):
        load_run(save_run(whole, tmp_path).folder or "")
