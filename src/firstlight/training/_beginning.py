"""Where a run begins: at its first step, or where a process that was cut off had come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset
from firstlight.training._checkpoint import images_sha256, read_checkpoint
from firstlight.training._folder import CHECKPOINT, RECORD, list_runs, read_record, spoken_name
from firstlight.training._run import RunRecord

__all__ = ["Beginning", "changed_circumstances", "check_resumable", "check_same", "found_beginning"]

# What makes two runs the same training, and what may differ but moves the last bits of its result.
IDENTITY = ("recipe", "settings", "seed", "image_shape", "classes", "train_count", "validation_count")
CIRCUMSTANCES = ("device", "precision", "threads")


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a training goes on with.

    Attributes
    ----------
    record
        Of this run so far; its status is ``"running"``.
    tensors
        Of its checkpoint; ``None`` begins at the first step.
    kept
        The record as an earlier process left it; ``None`` where this is the first.
    """

    record: RunRecord
    tensors: Mapping[str, Tensor] | None = None
    kept: RunRecord | None = None

    def changes(self, current: RunRecord) -> tuple[str, ...]:
        """Say what is not as it was at the checkpoint, and can change the last bits of a result."""
        if self.kept is None or self.tensors is None:
            return ()
        return changed_circumstances(self.kept, current)


def changed_circumstances(kept: RunRecord, current: RunRecord) -> tuple[str, ...]:
    """Say in what two records differ that moves the last bits of a result."""
    pairs = [(what, getattr(kept, what), getattr(current, what)) for what in CIRCUMSTANCES]
    old, new = ({**each.versions, **each.machine} for each in (kept, current))
    pairs += [(what, old.get(what), new.get(what)) for what in ("torch", "firstlight", "processor")]
    return tuple(f"{what} was {before}, is {after}" for what, before, after in pairs if before != after)


def found_beginning(folder: Path, fresh: RunRecord, images: ImageDataset) -> Beginning:
    """Read from a run's folder where it goes on; changes nothing there.

    Parameters
    ----------
    folder
        Of a run that has not come to its end.
    fresh
        The record of the same run if it began now: recipe, settings, seed and data must be the folder's.
    images
        That it learns from.

    Raises
    ------
    UsageError
        The folder's run has come to its end, or is another one; says in what.
    DataCorruptError
        The checkpoint is damaged or of another format.
    """
    kept = read_record(folder)
    check_resumable(kept, folder)
    check_same(kept, fresh, folder / RECORD)
    path = folder / CHECKPOINT
    if not path.exists():
        return Beginning(replace(fresh, started=kept.started, resumes=kept.resumes), kept=kept)
    checkpoint = read_checkpoint(path)
    check_same(checkpoint.record, fresh, path)
    if checkpoint.images_sha256 != images_sha256(images):
        raise UsageError(
            f"{path} belongs to a training on other images: pixels and labels have another SHA-256. "
            "Give the images that it began with."
        )
    record = replace(checkpoint.record, resumes=kept.resumes, versions=fresh.versions, machine=fresh.machine)
    return Beginning(record, checkpoint.tensors, checkpoint.record)


def check_resumable(record: RunRecord, folder: Path) -> None:
    """Raise `UsageError` if a run has come to an end of its own."""
    if record.status == "finished":
        others = (other for other, each in list_runs() if each.status in {"running", "interrupted"})
        newest = next(others, None)
        hint = f" The newest that can be: firstlight train --resume {spoken_name(newest)}" if newest else ""
        raise UsageError(f"{folder} is finished: there is nothing to resume.{hint}")
    if record.status == "diverged":
        raise UsageError(
            f"{folder} cannot be resumed, since it would diverge again. {record.problem} "
            "Train a new run with a lower learning rate."
        )


def check_same(kept: RunRecord, fresh: RunRecord, source: Path) -> None:
    """Raise `UsageError` unless two records are of the same training; ``source`` is where the first lies."""
    other = [what for what in IDENTITY if getattr(kept, what) != getattr(fresh, what)]
    files, new_files = ({(part["file"], part["sha256"]) for part in each.data} for each in (kept, fresh))
    other += sorted({f"file {name}" for name, _ in files ^ new_files})
    if other:
        raise UsageError(
            f"{source} belongs to another training, with another {', '.join(other)}. "
            "Resume it with what it began with, or train a new run."
        )
