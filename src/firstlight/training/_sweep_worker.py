"""What a worker does: one run, from a job to its outcome.

A worker that sees the sweep's folder trains there, with checkpoints, and keeps its run there itself. Cut off,
the run goes on from its last checkpoint; finished, it is kept even if nobody waits for it any more. From a
machine without that disk the run's files travel in the outcome.
"""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from firstlight._errors import (
    CacheError,
    DataCorruptError,
    DataError,
    DataMissingError,
    FirstlightError,
    RunNotKeptError,
    UsageError,
)
from firstlight._machine import software_versions
from firstlight.recipes import AnyRecipe, adjusted
from firstlight.training._folder import PREDICTIONS, RECORD, load_run, read_record, save_run
from firstlight.training._resume import resume
from firstlight.training._run import Run
from firstlight.training._run_lock import is_locked
from firstlight.training._sweep_data import SplitPair, sweep_data
from firstlight.training._sweep_folder import SweepFolder, packed_run, sees_sweep
from firstlight.training._sweep_job import SweepJob, SweepOutcome
from firstlight.training._train import train

__all__ = ["run_job"]


def run_job(job: SweepJob) -> SweepOutcome:
    """Do one run and keep it, or say why not. Only Ctrl-C leaves as an exception."""
    if wrong := _wrong_version(job):
        return SweepOutcome(job.task, stop=FirstlightError(wrong))
    torch.set_num_threads(job.threads)
    folder = SweepFolder(job.folder, job.token)
    place = folder.unfinished(job.task)
    sees_folder = bool(job.token) and sees_sweep(job.folder, job.token)
    try:
        pair = sweep_data(job.source, sha256=job.data_sha256)
        if sees_folder and (kept := folder.finished(job.task)):
            return SweepOutcome(job.task, record=kept)  # its answer was lost on the way
        if sees_folder and not is_locked(place):
            return _done_there(job, pair, folder, place)
        return _done_here(job, pair, folder if sees_folder else None)
    except DataError as error:
        return SweepOutcome(job.task, stop=_told(error, job))
    except Exception as error:
        if sees_folder and not is_locked(place):
            shutil.rmtree(place, ignore_errors=True)
        return SweepOutcome(job.task, failure=f"{type(error).__name__}: {error}{_where(job)}")


def _done_there(job: SweepJob, pair: SplitPair, folder: SweepFolder, place: Path) -> SweepOutcome:
    """Train in the sweep's folder, going on from what an earlier worker left there."""
    recipe = _recipe(job)
    run = _gone_on(job, recipe, pair, place) if (place / RECORD).exists() else None
    run = run or _trained(job, recipe, pair, place)
    if job.validates:
        (place / PREDICTIONS).unlink(missing_ok=True)
        run = save_run(_without_test(run), place)
    folder.adopt(job.task, place)
    return SweepOutcome(job.task, record=run.record)


def _gone_on(job: SweepJob, recipe: AnyRecipe, pair: SplitPair, place: Path) -> Run | None:
    """Go on with a run that was cut off; ``None`` where what it left is of no use."""
    try:
        if read_record(place).status == "finished":
            return load_run(place, recipe=recipe)
        return resume(place, recipe=recipe, dataset=pair, device=job.device)
    except (DataCorruptError, DataMissingError, UsageError):
        shutil.rmtree(place)
        return None


def _done_here(job: SweepJob, pair: SplitPair, folder: SweepFolder | None) -> SweepOutcome:
    """Train without a folder: there is none to be seen, or a worker given up for dead still trains in it."""
    run = _trained(job, _recipe(job), pair, None)
    run = _without_test(run) if job.validates else run
    if folder is not None:
        folder.keep_run(job.task, run)
        return SweepOutcome(job.task, record=run.record)
    with TemporaryDirectory() as place:
        return SweepOutcome(job.task, record=run.record, files=packed_run(run, Path(place)))


def _recipe(job: SweepJob) -> AnyRecipe:
    settings: dict[str, Any] = dict(job.task.settings)
    return adjusted(job.recipe, **settings)


def _trained(job: SweepJob, recipe: AnyRecipe, pair: SplitPair, place: Path | None) -> Run:
    return train(
        recipe, dataset=pair, seed=job.task.seed, validate=job.validates, device=job.device, folder=place
    )


def _without_test(run: Run) -> Run:
    """Forget how the run did on the test images: whoever compares settings must not see it."""
    unseen: dict[str, Any] = dict.fromkeys(("test_accuracy", "test_correct", "test_count", "test_seconds"))
    members = tuple(replace(member, test_accuracy=None) for member in run.record.members)
    record = replace(run.record, members=members, **unseen)
    return replace(run, record=record, test_logits=None, member_test_logits=None)


def _wrong_version(job: SweepJob) -> str | None:
    here = software_versions().get("firstlight", "")
    if here == job.firstlight:
        return None
    return (
        f"A worker{_where(job)} has firstlight {here or 'of no version'}, the sweep was started by "
        f"{job.firstlight}. Install the same version everywhere."
    )


def _told(error: DataError, job: SweepJob) -> DataError:
    """Return the error as one that can be sent, and that says where it was met."""
    if isinstance(error, RunNotKeptError) and isinstance(error.__cause__, DataError):
        error = error.__cause__  # its own advice is for a run that stands alone
    known = (CacheError, DataCorruptError, DataMissingError)
    kind = next((each for each in known if isinstance(error, each)), DataError)
    return kind(f"{error}{_where(job)}")


def _where(job: SweepJob) -> str:
    here = socket.gethostname()
    return "" if here == job.host else f" (on {here})"
