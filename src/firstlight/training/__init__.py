"""Training: one loop that yields events, and what it is made of."""

from __future__ import annotations

from firstlight._errors import RunNotKeptError, TrainingDivergedError
from firstlight.training._events import (
    CheckpointFailed,
    CheckpointWritten,
    EpochDone,
    Event,
    MemberStarted,
    Resumed,
    Started,
    StepDone,
)
from firstlight.training._folder import find_run, list_runs, load_run, new_run_folder, save_run, spoken_name
from firstlight.training._loop import fit
from firstlight.training._precision import Precision, choose_precision
from firstlight.training._predict import predict_logits
from firstlight.training._resume import ResumableRun, resumable_run, resume
from firstlight.training._run import MemberRecord, Run, RunRecord, TrainingInterrupted
from firstlight.training._run_lock import is_locked
from firstlight.training._state import TrainingState
from firstlight.training._sweep import SweepEvent, SweepInterrupted, SweepStarted, sweep
from firstlight.training._sweep_check import check_sweep
from firstlight.training._sweep_folder import SweepFailure
from firstlight.training._sweep_grid import parse_grid
from firstlight.training._sweep_job import SweepLoss
from firstlight.training._sweep_plan import SweepPlan, SweepTask
from firstlight.training._sweep_result import SweepGroup, SweepResult, SweepRun, sweep_groups
from firstlight.training._sweep_workers import SweepWorkers
from firstlight.training._train import train

__all__ = [
    "CheckpointFailed",
    "CheckpointWritten",
    "EpochDone",
    "Event",
    "MemberRecord",
    "MemberStarted",
    "Precision",
    "ResumableRun",
    "Resumed",
    "Run",
    "RunNotKeptError",
    "RunRecord",
    "Started",
    "StepDone",
    "SweepEvent",
    "SweepFailure",
    "SweepGroup",
    "SweepInterrupted",
    "SweepLoss",
    "SweepPlan",
    "SweepResult",
    "SweepRun",
    "SweepStarted",
    "SweepTask",
    "SweepWorkers",
    "TrainingDivergedError",
    "TrainingInterrupted",
    "TrainingState",
    "check_sweep",
    "choose_precision",
    "find_run",
    "fit",
    "is_locked",
    "list_runs",
    "load_run",
    "new_run_folder",
    "parse_grid",
    "predict_logits",
    "resumable_run",
    "resume",
    "save_run",
    "spoken_name",
    "sweep",
    "sweep_groups",
    "train",
]
