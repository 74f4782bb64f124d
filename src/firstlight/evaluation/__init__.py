"""Evaluation: what a model gets right, how sure it may be, and whether two models or recipes differ."""

from __future__ import annotations

from firstlight.evaluation._bands import Band, band, bands
from firstlight.evaluation._calibration import (
    Calibration,
    ReliabilityBin,
    brier_score,
    calibration,
    negative_log_likelihood,
)
from firstlight.evaluation._class_scores import ClassScore, class_scores
from firstlight.evaluation._comparison import Comparison, OneRight, compare, one_right
from firstlight.evaluation._disputed import DisputedImage, LabelAgreement, label_agreement
from firstlight.evaluation._evaluation import Evaluation, Mistake, Mixup, evaluate
from firstlight.evaluation._flat_settings import flat_settings
from firstlight.evaluation._permutation import PairedSeeds, compare_seeds
from firstlight.evaluation._rescaling import Rescaling, rescale
from firstlight.evaluation._run_comparison import RunComparison, compare_runs
from firstlight.evaluation._run_evaluation import evaluate_run
from firstlight.evaluation._seed_summary import SeedSummary, summarise_seeds
from firstlight.evaluation._series import Series, find_series
from firstlight.evaluation._series_comparison import Measured, SeriesComparison, compare_series
from firstlight.evaluation._standing import Standing, Verdict, standing, standings
from firstlight.evaluation._temperature import Temperature, fit_temperature

__all__ = [
    "Band",
    "Calibration",
    "ClassScore",
    "Comparison",
    "DisputedImage",
    "Evaluation",
    "LabelAgreement",
    "Measured",
    "Mistake",
    "Mixup",
    "OneRight",
    "PairedSeeds",
    "ReliabilityBin",
    "Rescaling",
    "RunComparison",
    "SeedSummary",
    "Series",
    "SeriesComparison",
    "Standing",
    "Temperature",
    "Verdict",
    "band",
    "bands",
    "brier_score",
    "calibration",
    "class_scores",
    "compare",
    "compare_runs",
    "compare_seeds",
    "compare_series",
    "evaluate",
    "evaluate_run",
    "find_series",
    "fit_temperature",
    "flat_settings",
    "label_agreement",
    "negative_log_likelihood",
    "one_right",
    "rescale",
    "standing",
    "standings",
    "summarise_seeds",
]
