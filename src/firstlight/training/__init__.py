"""Training: one loop that yields events, and what it is made of."""

from __future__ import annotations

from firstlight.training._events import EpochDone, Event, Started, StepDone
from firstlight.training._folder import list_runs, load_run, new_run_folder, save_run
from firstlight.training._loop import fit
from firstlight.training._precision import Precision, choose_precision
from firstlight.training._predict import predict_logits
from firstlight.training._run import Run, RunRecord, TrainingInterrupted
from firstlight.training._train import train

__all__ = [
    "EpochDone",
    "Event",
    "Precision",
    "Run",
    "RunRecord",
    "Started",
    "StepDone",
    "TrainingInterrupted",
    "choose_precision",
    "fit",
    "list_runs",
    "load_run",
    "new_run_folder",
    "predict_logits",
    "save_run",
    "train",
]
