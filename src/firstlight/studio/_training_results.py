"""What page Train tells of runs: how one ended, the one before it, and those that were cut off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firstlight._errors import FirstlightError
from firstlight.datasets import ImageDataset
from firstlight.evaluation import compare
from firstlight.recipes import RECIPES, Recipe
from firstlight.training import Run, RunRecord, is_locked, list_runs, load_run, spoken_name

__all__ = ["LastRun", "ending_of", "last_run", "unfinished_runs"]

UNFINISHED = 3  # that are offered
CHECKPOINT = "checkpoint.safetensors"


@dataclass(frozen=True)
class LastRun:
    """A run that a new one is compared with."""

    folder: Path
    record: RunRecord

    def fields(self) -> dict[str, Any]:
        """Return what its curves are drawn from."""
        record = self.record
        return {
            "run": spoken_name(self.folder),
            "recipe": record.recipe,
            "seed": record.seed,
            "learning_rate": record.settings.get("optimizer", {}).get("learning_rate"),
            "epochs": record.epochs,
            "loss_curve": record.loss_curve,
            "history": [
                {"epoch": one.epoch, "validation_accuracy": one.validation_accuracy} for one in record.history
            ],
            "test_accuracy": record.test_accuracy,
            "train_seconds": record.train_seconds,
        }


def last_run(dataset: str, other_than: Path) -> LastRun | None:
    """Return the newest finished run of one network on a data set; ``None`` where there is none."""
    for folder, record in list_runs():
        is_one = record.status == "finished" and record.dataset == dataset and not record.members
        if is_one and folder != other_than:
            return LastRun(folder, record)
    return None


def unfinished_runs() -> list[dict[str, Any]]:
    """Return the newest runs that were cut off, and can be gone on with and watched."""
    found = []
    for folder, record in list_runs():
        is_cut_off = record.status in {"running", "interrupted"} and not is_locked(folder)
        if is_cut_off and record.validation_count and isinstance(RECIPES.get(record.recipe), Recipe):
            has_checkpoint = (folder / CHECKPOINT).exists()
            fields = {"run": folder.name, "recipe": record.recipe, "seed": record.seed}
            fields |= {"dataset": record.dataset, "status": record.status, "started": record.started}
            step = record.step if has_checkpoint else 0
            found.append({**fields, "step": step, "steps": record.steps, "has_checkpoint": has_checkpoint})
        if len(found) == UNFINISHED:
            break
    return found


def ending_of(run: Run, before: LastRun | None, test: ImageDataset) -> dict[str, Any]:
    """Return what is told when a run has ended.

    Parameters
    ----------
    run
        Finished, interrupted or diverged.
    before
        The run to compare it with, if there is one.
    test
        The test images of both.
    """
    record = run.record
    return {
        "status": record.status,
        "message": "",
        "run": run.folder and spoken_name(run.folder),
        "step": record.step,
        "steps": record.steps,
        "epochs": record.epochs,
        "test_accuracy": record.test_accuracy,
        "test_count": record.test_count,
        "validation_accuracy": record.validation_accuracy,
        "train_seconds": record.train_seconds,
        "comparison": _comparison(run, before, test) if before else None,
    }


def _comparison(run: Run, before: LastRun, test: ImageDataset) -> dict[str, Any] | None:
    """Compare two runs on the test images; ``None`` where one has no answers to these very images."""
    if run.test_logits is None:
        return None
    try:
        other = load_run(before.folder).test_logits
        if other is None:
            return None
        found = compare(run.test_logits, other, test.labels)
    except FirstlightError:
        return None
    return {
        "run": spoken_name(before.folder),
        "only_this": found.only_first,
        "only_last": found.only_second,
        "p_value": found.p_value,
    }
