"""Evaluation: what a model gets right and wrong, and whether two models differ."""

from __future__ import annotations

from firstlight.evaluation._comparison import Comparison, compare
from firstlight.evaluation._evaluation import Evaluation, Mistake, Mixup, evaluate

__all__ = ["Comparison", "Evaluation", "Mistake", "Mixup", "compare", "evaluate"]
