"""Evaluation: what a model gets right, how sure it may be, and whether two models or recipes differ."""

from __future__ import annotations

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
from firstlight.evaluation._permutation import PairedSeeds, compare_seeds
from firstlight.evaluation._rescaling import Rescaling, rescale
from firstlight.evaluation._run_evaluation import evaluate_run
from firstlight.evaluation._seed_summary import SeedSummary, summarise_seeds
from firstlight.evaluation._temperature import Temperature, fit_temperature

__all__ = [
    "Calibration",
    "ClassScore",
    "Comparison",
    "DisputedImage",
    "Evaluation",
    "LabelAgreement",
    "Mistake",
    "Mixup",
    "OneRight",
    "PairedSeeds",
    "ReliabilityBin",
    "Rescaling",
    "SeedSummary",
    "Temperature",
    "brier_score",
    "calibration",
    "class_scores",
    "compare",
    "compare_seeds",
    "evaluate",
    "evaluate_run",
    "fit_temperature",
    "label_agreement",
    "negative_log_likelihood",
    "one_right",
    "rescale",
    "summarise_seeds",
]
