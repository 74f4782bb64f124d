"""One job of a sweep, in this process: kept, sent, gone on with, refused. Kind: oracle (`train`) and behaviour."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from firstlight import load, train
from firstlight._errors import DataCorruptError, DataMissingError, FirstlightError
from firstlight._machine import software_versions
from firstlight._metrics import accuracy
from firstlight.recipes import EnsembleRecipe, adjusted, find_recipe
from firstlight.training import (
    Event,
    Run,
    StepDone,
    SweepPlan,
    SweepTask,
    TrainingInterrupted,
    load_run,
    sweep,
)
from firstlight.training._run_lock import run_lock
from firstlight.training._sweep_data import SplitPair, data_digest
from firstlight.training._sweep_folder import SweepFolder, open_sweep_folder
from firstlight.training._sweep_job import SweepJob
from firstlight.training._sweep_worker import run_job

FAST = find_recipe("mlp-fast")
TASK = SweepTask((("epochs", 4.0),), 0)


@pytest.fixture(scope="module")
def pair() -> SplitPair:
    train_images, test_images = load("mnist")
    return train_images[:600], test_images[:200]


@pytest.fixture(scope="module")
def digest(pair: SplitPair) -> str:
    return data_digest(pair)


@pytest.fixture
def folder(digest: str, tmp_path: Path) -> SweepFolder:
    return open_sweep_folder(tmp_path, SweepPlan(FAST, "mnist", digest, (), range(1)))


@pytest.fixture(autouse=True)
def _same_threads() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def whole(pair: SplitPair) -> Run:
    """The run of the task, trained in one go."""
    torch.set_num_threads(1)
    return train(FAST, dataset=pair, seed=0, epochs=4.0, device="cpu")


def job_for(pair: SplitPair, folder: SweepFolder, digest: str, **changes: Any) -> SweepJob:
    fields: dict[str, Any] = {
        "task": TASK, "recipe": FAST, "source": pair, "data_sha256": digest, "folder": folder.path,
        "token": folder.token, "validates": False, "threads": 1, "device": "cpu",
        "firstlight": software_versions()["firstlight"], "host": socket.gethostname(),
    }  # fmt: skip
    return SweepJob(**{**fields, **changes})


def cut_off(pair: SplitPair, place: Path, *, at_step: int) -> None:
    """Leave a run as one that was cut off at a step leaves it."""

    def watch(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == at_step:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted):
        train(
            FAST, dataset=pair, epochs=4.0, device="cpu", folder=place, checkpoint_seconds=0, on_event=watch
        )


def same_weights(one: Run, other: Run) -> bool:
    pairs = zip(one.model.state_dict().values(), other.model.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_run_is_kept_where_the_sweep_is(
    pair: SplitPair, digest: str, folder: SweepFolder, whole: Run
) -> None:
    outcome = run_job(job_for(pair, folder, digest))
    assert outcome.files is None
    assert outcome.record == folder.finished(TASK)
    assert same_weights(load_run(folder.run_folder(TASK)), whole)
    assert {path.name for path in folder.run_folder(TASK).iterdir()} == {
        "run.json", "model.safetensors", "predictions.safetensors",
    }  # fmt: skip
    assert not folder.unfinished(TASK).exists()


def test_a_run_that_was_cut_off_goes_on_from_its_checkpoint(
    pair: SplitPair, digest: str, folder: SweepFolder, whole: Run
) -> None:
    cut_off(pair, folder.unfinished(TASK), at_step=7)
    outcome = run_job(job_for(pair, folder, digest))
    assert outcome.record is not None
    assert [note["step"] for note in outcome.record.resumes] == [7]
    assert same_weights(load_run(folder.run_folder(TASK)), whole)


@pytest.mark.parametrize("damage", ["checkpoint.safetensors", "run.json", "another run"])
def test_a_run_that_cannot_go_on_begins_anew(
    damage: str, pair: SplitPair, digest: str, folder: SweepFolder, whole: Run
) -> None:
    place = folder.unfinished(TASK)
    if damage == "another run":
        train(FAST, dataset=(pair[0][:300], pair[1]), device="cpu", folder=place)
        (place / "run.json").write_text(
            (place / "run.json").read_text().replace('"finished"', '"running"', 1)
        )
    else:
        cut_off(pair, place, at_step=7)
        (place / damage).write_bytes((place / damage).read_bytes()[:100])
    outcome = run_job(job_for(pair, folder, digest))
    assert outcome.record is not None
    assert not outcome.record.resumes
    assert same_weights(load_run(folder.run_folder(TASK)), whole)


def test_a_run_that_another_process_still_trains_is_made_beside_it(
    pair: SplitPair, digest: str, folder: SweepFolder, whole: Run
) -> None:
    place = folder.unfinished(TASK)
    place.mkdir(parents=True)
    with run_lock(place):
        outcome = run_job(job_for(pair, folder, digest))
    assert outcome.record == folder.finished(TASK)
    assert same_weights(load_run(folder.run_folder(TASK)), whole)
    assert place.exists()


def test_a_worker_without_our_disk_sends_the_files(
    pair: SplitPair, digest: str, folder: SweepFolder, tmp_path: Path, whole: Run
) -> None:
    elsewhere = SweepFolder(tmp_path / "not here", folder.token)
    outcome = run_job(job_for(pair, elsewhere, digest))
    assert outcome.files is not None
    assert outcome.record is not None
    assert not elsewhere.path.exists()
    folder.keep_files(outcome.task, outcome.files)
    assert folder.finished(TASK) == outcome.record
    assert same_weights(load_run(folder.run_folder(TASK)), whole)


def test_where_settings_are_compared_nobody_sees_the_test_images(
    pair: SplitPair, digest: str, folder: SweepFolder
) -> None:
    # Finished by a worker that was killed before it could forget how the run did on the test images.
    place = folder.unfinished(TASK)
    train(FAST, dataset=pair, epochs=4.0, device="cpu", validate=True, folder=place)
    assert (place / "predictions.safetensors").exists()
    run_job(job_for(pair, folder, digest, validates=True))
    run = load_run(folder.run_folder(TASK))
    assert run.test_logits is None
    assert run.record.test_accuracy is None
    assert run.record.test_count is None


def test_an_ensemble_is_judged_as_a_whole(pair: SplitPair, tmp_path: Path) -> None:
    two = EnsembleRecipe("two", "Two of a kind.", members=((adjusted(FAST, epochs=1), 2),))
    result = sweep(
        two, seeds=1, dataset=pair, grid={"batch_size": [64, 128]}, backend="sequential", out=tmp_path
    )
    labels = pair[0].canonical_split()[1].labels
    for run in result.runs:
        kept = load_run(run.folder, recipe=adjusted(two, **dict(run.task.settings)))  # type: ignore[arg-type]
        assert kept.validation_logits is not None
        assert run.accuracy == accuracy(kept.validation_logits, labels)
        assert kept.member_test_logits is None
        assert [member.test_accuracy for member in kept.record.members] == [None, None]


def test_what_fails_leaves_no_half_run(pair: SplitPair, digest: str, folder: SweepFolder) -> None:
    outcome = run_job(job_for(pair, folder, digest, task=SweepTask((("learning_rate", 1e30),), 0)))
    assert outcome.failure is not None
    assert outcome.failure.startswith("TrainingDivergedError: ")
    assert not folder.unfinished(outcome.task).exists()


def test_a_worker_of_another_version_or_with_other_data_stops_the_sweep(
    pair: SplitPair, digest: str, folder: SweepFolder, tmp_path: Path
) -> None:
    wrong = run_job(job_for(pair, folder, digest, firstlight="0.0.1", host="elsewhere"))
    assert type(wrong.stop) is FirstlightError
    assert "the sweep was started by 0.0.1" in str(wrong.stop)
    other = run_job(job_for(pair, folder, digest, source="mnist"))
    assert isinstance(other.stop, DataCorruptError)
    assert "holds other data here" in str(other.stop)
    missing = str(tmp_path / "nothing.npz")
    none = run_job(job_for(pair, folder, digest, source=missing, host="elsewhere"))
    assert isinstance(none.stop, DataMissingError)
    assert f"(on {socket.gethostname()})" in str(none.stop)


def test_outcomes_can_be_sent(pair: SplitPair, digest: str, folder: SweepFolder) -> None:
    import pickle

    elsewhere = replace(job_for(pair, folder, digest), folder=folder.path / "x", data_sha256="0")
    shutil.rmtree(folder.path)
    for job in (elsewhere, replace(elsewhere, source="mnist"), replace(elsewhere, firstlight="0")):
        outcome = run_job(pickle.loads(pickle.dumps(job)))
        again = pickle.loads(pickle.dumps(outcome))
        assert (again.record, again.files, str(again.stop)) == (
            outcome.record, outcome.files, str(outcome.stop),
        )  # fmt: skip
