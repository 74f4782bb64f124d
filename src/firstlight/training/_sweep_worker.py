"""What a worker does: one run, from a job that fits through a network to an outcome that does.

Everything here can be sent: a job goes to another process or machine, an outcome comes back. A worker that
sees the sweep's folder writes its run there itself, so that the run is kept even if nobody waits for it any
more; from a machine without that disk the run's files travel in the outcome.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from firstlight._errors import DataError, FirstlightError
from firstlight._machine import software_versions
from firstlight.recipes import AnyRecipe, adjusted
from firstlight.training._run import Run, RunRecord
from firstlight.training._sweep_data import DatasetSource, SplitPair, sweep_data
from firstlight.training._sweep_folder import SweepFolder, packed_run, sees_sweep
from firstlight.training._sweep_plan import SweepTask
from firstlight.training._train import train

__all__ = ["SweepJob", "SweepLoss", "SweepOutcome", "run_job"]


@dataclass(frozen=True)
class SweepJob:
    """One run, with all that a worker must know.

    Attributes
    ----------
    task
        Settings and seed.
    recipe
        Before the settings are changed.
    source, data_sha256
        What to load, and what it must be; a pair of data sets travels with every job.
    folder, token
        Of the sweep, for workers that see it; an empty token sends the run's files back in any case.
    validates
        Hold training images out, judge those, and leave the test set alone.
    threads
        Of torch, in this run.
    device
        ``None`` takes a GPU if the worker has one.
    firstlight, host
        The version that the head runs, and the name of its machine.
    """

    task: SweepTask
    recipe: AnyRecipe
    source: DatasetSource
    data_sha256: str
    folder: Path
    token: str
    validates: bool
    threads: int
    device: str | None
    firstlight: str
    host: str


@dataclass(frozen=True)
class SweepOutcome:
    """What became of a job.

    Attributes
    ----------
    task
        Which one.
    record
        Of a finished run.
    files
        Its files, where the worker does not see the sweep's folder.
    failure
        Why there is no run: this run's own fault; the other runs go on.
    stop
        Why there is no run: something that every run here would meet, such as a full disk.
    """

    task: SweepTask
    record: RunRecord | None = None
    files: Mapping[str, bytes] | None = None
    failure: str | None = None
    stop: FirstlightError | None = None


@dataclass(frozen=True)
class SweepLoss:
    """A worker died while it did a run; the run starts again on another.

    Attributes
    ----------
    task
        The run.
    reason
        How it died, as far as that is known.
    """

    task: SweepTask
    reason: str


def run_job(job: SweepJob) -> SweepOutcome:
    """Do one run and keep it, or say why not. Only Ctrl-C leaves as an exception."""
    if wrong := _wrong_version(job):
        return SweepOutcome(job.task, stop=FirstlightError(wrong))
    try:
        pair = sweep_data(job.source, sha256=job.data_sha256)
        return _delivered(job, _trained(job, pair))
    except DataError as error:
        return SweepOutcome(job.task, stop=type(error)(f"{error}{_where(job)}"))
    except Exception as error:
        return SweepOutcome(job.task, failure=f"{type(error).__name__}: {error}{_where(job)}")


def _trained(job: SweepJob, pair: SplitPair) -> Run:
    torch.set_num_threads(job.threads)
    settings: dict[str, Any] = dict(job.task.settings)
    recipe = adjusted(job.recipe, **settings)
    run = train(recipe, dataset=pair, seed=job.task.seed, validate=job.validates, device=job.device)
    return _without_test(run) if job.validates else run


def _without_test(run: Run) -> Run:
    """Forget how the run did on the test images: whoever compares settings must not see it."""
    unseen: dict[str, Any] = dict.fromkeys(("test_accuracy", "test_correct", "test_count", "test_seconds"))
    return replace(run, test_logits=None, record=replace(run.record, **unseen))


def _delivered(job: SweepJob, run: Run) -> SweepOutcome:
    if job.token and sees_sweep(job.folder, job.token):
        SweepFolder(job.folder, job.token).keep_run(job.task, run)
        return SweepOutcome(job.task, record=run.record)
    with TemporaryDirectory() as place:
        return SweepOutcome(job.task, record=run.record, files=packed_run(run, Path(place)))


def _wrong_version(job: SweepJob) -> str | None:
    here = software_versions().get("firstlight", "")
    if here == job.firstlight:
        return None
    return (
        f"A worker{_where(job)} has firstlight {here or 'of no version'}, the sweep was started by "
        f"{job.firstlight}. Install the same version everywhere."
    )


def _where(job: SweepJob) -> str:
    here = socket.gethostname()
    return "" if here == job.host else f" (on {here})"
