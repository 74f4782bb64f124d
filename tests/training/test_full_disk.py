"""By behaviour: where the disk takes no more, training goes on, nothing that was kept is lost, and the cure is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import torch

from firstlight import load, train
from firstlight._errors import CacheError, RunNotKeptError
from firstlight.datasets import ImageDataset
from firstlight.models import MLP
from firstlight.recipes import AdamWSettings, Recipe
from firstlight.training import (
    CheckpointFailed,
    CheckpointWritten,
    Event,
    StepDone,
    load_run,
    resume,
    save_run,
)

FullDisk = Callable[[], AbstractContextManager[None]]
Pair = tuple[ImageDataset, ImageDataset]
# The limit is 200,000 bytes. Weights of 102 kB fit, their checkpoint of thrice that does not.
FITS = Recipe(
    "fits", "for tests", lambda *shape, **options: MLP(*shape, hidden=(32,), **options), epochs=2, batch_size=200,
    optimizer=AdamWSettings(0.01),
)  # fmt: skip
LARGE = Recipe(
    "large", "for tests", lambda *shape, **options: MLP(*shape, hidden=(96,), **options), epochs=2, batch_size=200,
    optimizer=AdamWSettings(0.01),
)  # fmt: skip


@pytest.fixture(scope="module")
def pair() -> Pair:
    train_images, test = load("mnist")
    return train_images[:600], test[:200]


def test_without_checkpoints_training_goes_on_and_says_so_once(
    pair: Pair, tmp_path: Path, full_disk: FullDisk
) -> None:
    told: list[Event] = []
    with full_disk():
        run = train(
            FITS, dataset=pair, device="cpu", folder=tmp_path, checkpoint_seconds=0, on_event=told.append
        )
    (failed,) = [event for event in told if isinstance(event, CheckpointFailed)]
    assert failed.step == 1
    assert "ulimit -f" in str(failed.error)
    assert not [event for event in told if isinstance(event, CheckpointWritten)]
    assert run.record.status == "finished"
    assert {path.name for path in tmp_path.iterdir()} == {
        "run.json",
        "model.safetensors",
        "predictions.safetensors",
    }
    assert load_run(tmp_path, recipe=FITS).record == run.record


def test_a_run_that_cannot_be_kept_is_handed_over_and_its_checkpoint_stays(
    pair: Pair, tmp_path: Path, full_disk: FullDisk
) -> None:
    class CutOffError(Exception):
        pass

    def cut(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == 5:
            raise CutOffError

    with pytest.raises(CutOffError):
        train(LARGE, dataset=pair, device="cpu", folder=tmp_path, checkpoint_seconds=0, on_event=cut)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    said = (
        r"The run is finished, .* % on the test set, but .*ulimit -f.* from its checkpoint with: .*--resume"
    )
    with full_disk(), pytest.raises(RunNotKeptError, match=said) as caught:
        resume(tmp_path, recipe=LARGE, dataset=pair)
    assert caught.value.exit_code == 3
    run = caught.value.run
    assert run.test_logits is not None
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"run.json", "checkpoint.safetensors"}

    assert save_run(run, tmp_path / "elsewhere").folder == tmp_path / "elsewhere"
    again = resume(tmp_path, recipe=LARGE, dataset=pair)
    assert again.test_logits is not None
    assert torch.equal(again.test_logits, run.test_logits)


def test_a_disk_that_takes_nothing_is_met_before_training(pair: Pair, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")

    def fail(event: Event) -> None:
        raise AssertionError("training began")

    with pytest.raises(CacheError, match="file"):
        train(FITS, dataset=pair, device="cpu", folder=place / "run", on_event=fail)
