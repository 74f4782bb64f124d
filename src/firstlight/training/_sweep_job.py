"""What is sent to a worker and what comes back; all of it can travel to another process or machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from firstlight._errors import FirstlightError
from firstlight.recipes import AnyRecipe
from firstlight.training._run import RunRecord
from firstlight.training._sweep_data import DatasetSource
from firstlight.training._sweep_plan import SweepTask

__all__ = ["SweepJob", "SweepLoss", "SweepOutcome"]


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
