"""Invariance: a run that was cut off and resumed is the run that was not. By behaviour: what cannot be resumed says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

import pytest
import torch

from firstlight import load, train
from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight.datasets import ImageDataset
from firstlight.loader import Augment
from firstlight.models import MLP
from firstlight.recipes import AdamWSettings, EMASettings, Recipe
from firstlight.training import (
    CheckpointWritten,
    EpochDone,
    Event,
    Resumed,
    Run,
    Started,
    StepDone,
    TrainingInterrupted,
    list_runs,
    load_run,
    predict_logits,
    resume,
)
from firstlight.training._run_lock import run_lock

MINE = Recipe(
    "mine", "for tests", MLP, epochs=2.5, batch_size=200, optimizer=AdamWSettings(0.01),
    augment=Augment(shift=1), averaging=EMASettings(0.9),
)  # fmt: skip

Pair = tuple[ImageDataset, ImageDataset]
Watcher = Callable[[Event], None]


class CutOffError(Exception):
    """Ends a training as a kill would: nobody tidies up."""


@pytest.fixture(scope="module")
def pair() -> Pair:
    train_images, test = load("mnist")
    return train_images[:1200], test[:300]


@pytest.fixture(scope="module")
def whole(pair: Pair) -> Run:
    """The run that is never cut off: epochs of six steps."""
    return train(MINE, dataset=pair, seed=5, validate=True, device="cpu")


def cut_after(step: int, told: list[Event] | None = None) -> Watcher:
    def watch(event: Event) -> None:
        if told is not None:
            told.append(event)
        if isinstance(event, CheckpointWritten) and event.step == step:
            raise CutOffError

    return watch


def begin(folder: Path, pair: Pair, step: int) -> None:
    with pytest.raises(CutOffError):
        train(
            MINE, dataset=pair, seed=5, validate=True, device="cpu",
            folder=folder, checkpoint_seconds=0, on_event=cut_after(step),
        )  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def assert_same(run: Run, other: Run) -> None:
    for name, value in other.model.state_dict().items():
        assert torch.equal(run.model.state_dict()[name], value), name
    assert run.test_logits is not None
    assert other.test_logits is not None
    assert torch.equal(run.test_logits, other.test_logits)
    for one, two in zip(run.history, other.history, strict=True):
        assert replace(one, seconds=0) == replace(two, seconds=0)
    for field in (
        "loss_curve",
        "test_accuracy",
        "epochs",
        "step",
        "steps",
        "settings",
        "status",
        "data",
        "precision",
    ):
        assert getattr(run.record, field) == getattr(other.record, field), field


def test_cut_off_four_times_it_is_the_run_that_was_not(tmp_path: Path, pair: Pair, whole: Run) -> None:
    begin(tmp_path, pair, 2)
    assert names(tmp_path) == {"run.json", "checkpoint.safetensors"}
    assert json.loads((tmp_path / "run.json").read_text())["status"] == "running"
    (tmp_path / ".part-0-checkpoint.safetensors").write_text("half-written by a process that was killed")
    for step in (3, 5, 10):
        with pytest.raises(CutOffError):
            resume(tmp_path, recipe=MINE, dataset=pair, checkpoint_seconds=0, on_event=cut_after(step))
    told: list[Event] = []
    run = resume(tmp_path, recipe=MINE, dataset=pair, checkpoint_seconds=0, on_event=told.append)
    assert_same(run, whole)
    assert names(tmp_path) == {"run.json", "model.safetensors", "predictions.safetensors"}
    assert [note["step"] for note in run.record.resumes] == [2, 3, 5, 10]
    assert [event for event in told if isinstance(event, Resumed)] == [Resumed(10, run.record.steps)]
    assert next(event.step for event in told if isinstance(event, StepDone)) == 11
    again = load_run(tmp_path, recipe=MINE)
    assert again.record == run.record
    assert again.validation_logits is not None
    assert whole.validation_logits is not None
    assert torch.equal(again.validation_logits, whole.validation_logits)


def test_seconds_are_those_of_all_processes(tmp_path: Path, pair: Pair) -> None:
    begin(tmp_path, pair, 9)
    path = tmp_path / "run.json"
    spent = json.loads(path.read_text())["train_seconds"]
    assert spent > 0
    run = resume(tmp_path, recipe=MINE, dataset=pair)
    assert run.train_seconds > spent
    assert run.history[-1].seconds == run.train_seconds
    assert [event.seconds for event in run.history] == sorted(event.seconds for event in run.history)


def test_before_the_first_checkpoint_it_begins_anew(tmp_path: Path, pair: Pair, whole: Run) -> None:
    begin(tmp_path, pair, 2)
    (tmp_path / "checkpoint.safetensors").unlink()
    run = resume(tmp_path, recipe=MINE, dataset=pair)
    assert_same(run, whole)
    assert [note["step"] for note in run.record.resumes] == [0]


def test_after_the_last_step_only_the_test_is_left(tmp_path: Path, pair: Pair, whole: Run) -> None:
    for step in ("before the last epoch is judged", "after"):
        seen = 0

        def watch(event: Event, step: str = step) -> None:
            nonlocal seen
            if isinstance(event, CheckpointWritten) and event.step == whole.record.steps:
                seen += 1
                if seen == (1 if step.startswith("before") else 2):
                    raise CutOffError

        folder = tmp_path / step
        with pytest.raises(CutOffError):
            train(
                MINE, dataset=pair, seed=5, validate=True, device="cpu",
                folder=folder, checkpoint_seconds=0, on_event=watch,
            )  # fmt: skip
        run = resume(folder, recipe=MINE, dataset=pair)
        assert_same(run, whole)
        assert run.validation_logits is not None
        assert whole.validation_logits is not None
        assert torch.equal(run.validation_logits, whole.validation_logits)


def test_ctrl_c_keeps_the_best_and_can_be_resumed(tmp_path: Path, pair: Pair, whole: Run) -> None:
    def press(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == 8:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted, match="interrupted") as stopped:
        train(MINE, dataset=pair, seed=5, validate=True, device="cpu", folder=tmp_path, on_event=press)
    kept = stopped.value.run
    assert kept.folder == tmp_path
    assert names(tmp_path) == {"run.json", "model.safetensors", "checkpoint.safetensors"}
    assert (kept.record.status, kept.record.step, len(kept.history)) == ("interrupted", 8, 1)
    read = load_run(tmp_path, recipe=MINE)
    # What was judged best is the average, not the weights that were being trained.
    answers = predict_logits(read.model, pair[0].canonical_split()[1], precision=read.precision)
    right = (answers.argmax(dim=1) == pair[0].canonical_split()[1].labels).float().mean().item()
    assert right == pytest.approx(kept.history[0].validation_accuracy)
    assert_same(resume(tmp_path, recipe=MINE, dataset=pair), whole)


def test_what_has_changed_since_is_told_and_recorded(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(torch, "get_num_threads", lambda: 99)
        begin(tmp_path, pair, 4)
    told: list[Event] = []
    run = resume(tmp_path, recipe=MINE, dataset=pair, on_event=told.append)
    (note,) = [event for event in told if isinstance(event, Resumed)]
    assert note.changes == (f"threads was 99, is {torch.get_num_threads()}",)
    assert run.record.resumes[0]["changes"] == list(note.changes)
    assert run.record.threads == torch.get_num_threads()


def test_what_scikit_learn_trains_begins_anew(tmp_path: Path, pair: Pair) -> None:
    class Killed(BaseException):
        pass

    def kill(event: Event) -> None:
        raise Killed

    with pytest.raises(Killed):
        train("decision-tree", dataset=pair, seed=2, validate=True, folder=tmp_path, on_event=kill)
    assert names(tmp_path) == {"run.json"}
    run = resume(tmp_path, dataset=pair)
    assert_same(run, train("decision-tree", dataset=pair, seed=2, validate=True))
    assert run.validation_logits is not None
    assert names(tmp_path) == {"run.json", "model.safetensors", "predictions.safetensors"}


def test_a_finished_run_is_refused(data_home: Path, pair: Pair) -> None:
    runs = data_home / "runs"
    train("mlp-fast", dataset=pair, epochs=0.1, device="cpu", folder=runs / "20260103-done")
    with pytest.raises(UsageError, match=r"20260103-done is finished: there is nothing to resume\.$"):
        resume()
    begin(runs / "20260102-cut", pair, 1)
    with pytest.raises(UsageError, match="The newest that can be: firstlight train --resume 20260102-cut"):
        resume("last")
    assert [folder.name for folder, _ in list_runs()] == ["20260103-done", "20260102-cut"]


def test_a_killed_run_has_no_model_yet(tmp_path: Path, pair: Pair) -> None:
    begin(tmp_path, pair, 1)
    with pytest.raises(DataMissingError, match=r"no model yet.*firstlight train --resume"):
        load_run(tmp_path)


def test_what_is_not_the_same_training_is_refused(tmp_path: Path, pair: Pair) -> None:
    begin(tmp_path, pair, 2)
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    images, test = pair
    other_pixel = images.images.clone()
    other_pixel[0, 0, 0, 0] ^= 1
    attempts = [
        (replace(MINE, batch_size=100), pair, "with another settings"),
        (replace(MINE, name="yours"), pair, "with another recipe"),
        (MINE, (images[:1100], test), "with another train_count, validation_count"),
        (MINE, (replace(images, images=other_pixel), test), "pixels and labels have another SHA-256"),
        (MINE, (replace(images, provenance=()), replace(test, provenance=())), "with another file "),
        (None, pair, "'mine', a recipe of your own"),
    ]
    for recipe, data, message in attempts:
        with pytest.raises(UsageError, match=message):
            resume(tmp_path, recipe=recipe, dataset=data)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_a_recipe_that_has_changed_since_is_refused(data_home: Path, pair: Pair) -> None:
    folder = data_home / "runs" / "a"
    with pytest.raises(CutOffError):
        train(
            "mlp-fast", dataset=pair, epochs=1.5, folder=folder, checkpoint_seconds=0, on_event=cut_after(2)
        )
    path = folder / "run.json"
    fields = json.loads(path.read_text())
    assert fields["settings"]["epochs"] == 1.5
    fields["settings"]["schedule"]["warmup"] = 0.9
    path.write_text(json.dumps(fields))
    with pytest.raises(UsageError, match="Recipe 'mlp-fast' is another one by now: it differs in schedule"):
        resume("a", dataset=pair)


def test_a_damaged_checkpoint_is_refused_and_stays(tmp_path: Path, pair: Pair, whole: Run) -> None:
    begin(tmp_path, pair, 2)
    path = tmp_path / "checkpoint.safetensors"
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    path.write_bytes(damaged)
    with pytest.raises(
        DataCorruptError, match=r"is damaged: its SHA-256.*Remove that file to begin this run anew"
    ):
        resume(tmp_path, recipe=MINE, dataset=pair)
    assert path.read_bytes() == damaged
    path.unlink()  # the cure that it names
    assert_same(resume(tmp_path, recipe=MINE, dataset=pair), whole)


def test_two_at_once_are_kept_apart(tmp_path: Path, pair: Pair) -> None:
    begin(tmp_path, pair, 2)
    with run_lock(tmp_path), pytest.raises(UsageError, match=r"Another process is training .* right now"):
        resume(tmp_path, recipe=MINE, dataset=pair)
    assert (tmp_path / "checkpoint.safetensors").exists()


def test_a_folder_that_holds_a_run_takes_no_other(tmp_path: Path, pair: Pair) -> None:
    begin(tmp_path, pair, 2)
    with pytest.raises(UsageError, match=r"holds a run already\. Give another folder, or resume that run"):
        train(MINE, dataset=pair, folder=tmp_path)


@pytest.mark.parametrize("seconds", [-1.0, float("nan")])
def test_nonsense_between_checkpoints_is_refused(seconds: float, tmp_path: Path, pair: Pair) -> None:
    with pytest.raises(UsageError, match="checkpoint_seconds is a number of at least 0"):
        train(MINE, dataset=pair, folder=tmp_path, checkpoint_seconds=seconds)


def test_a_run_that_came_to_nothing_leaves_nothing(tmp_path: Path, pair: Pair) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train(MINE, dataset=pair, folder=tmp_path, on_event=fail)
    assert names(tmp_path) == set()


def test_a_training_of_a_second_writes_no_checkpoint(tmp_path: Path, pair: Pair) -> None:
    told: list[Event] = []
    run = train("mlp-fast", dataset=pair, epochs=0.5, device="cpu", folder=tmp_path, on_event=told.append)
    assert not [event for event in told if isinstance(event, CheckpointWritten)]
    assert run.folder == tmp_path
    assert names(tmp_path) == {"run.json", "model.safetensors", "predictions.safetensors"}


def test_the_time_is_from_images_in_memory_to_the_last_prediction(pair: Pair) -> None:
    # Nobody can say how long training takes; but what counts can be made long, and what does not too.
    def slow_to_make(
        shape: tuple[int, int, int], classes: int, *, generator: torch.Generator | None = None
    ) -> MLP:
        sleep(0.3)
        return MLP(shape, classes, generator=generator)

    def slow_to_draw(event: Event) -> None:
        if isinstance(event, EpochDone):
            sleep(0.3)

    started = perf_counter()
    run = train(replace(MINE, model=slow_to_make), dataset=pair, device="cpu", on_event=slow_to_draw)
    passed = perf_counter() - started
    assert run.train_seconds > 0.3
    assert run.history[-1].seconds == run.train_seconds
    assert run.record.test_seconds is not None
    assert run.train_seconds + run.record.test_seconds < passed - 0.3 * len(run.history)


def test_started_gives_the_state(pair: Pair) -> None:
    told: list[Event] = []
    train(MINE, dataset=pair, device="cpu", on_event=told.append)
    (started,) = [event for event in told if isinstance(event, Started)]
    assert started.state is not None
    assert started.state.is_complete
    assert "state" not in repr(started)
