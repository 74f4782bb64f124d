"""Answers of an implementation and of a reference, held against each other row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task
from firstlight.checks.references.estimators import Answer, EstimatorReference

__all__ = ["Comparison", "compared_with"]


@dataclass(frozen=True)
class Comparison:
    """What the implementation and the reference say of the same rows."""

    labels_wrong: float
    numbers_wrong: float
    where: str
    seen: str
    expected: str

    def is_close(self, tolerance: float, *, is_iterative: bool) -> bool:
        """Whether they are the same up to rounding, or up to where an iteration stopped."""
        return self.labels_wrong <= (0.02 if is_iterative else 0.0) and self.numbers_wrong <= tolerance


def compared_with(
    fitted: Fitted, task: Task, reference: EstimatorReference, options: Mapping[str, Any]
) -> Comparison | None:
    try:
        with np.errstate(all="ignore"):
            assert reference.answer is not None
            expected = reference.answer(task.X, task.y, task.queries, **options)
    except (np.linalg.LinAlgError, ValueError, KeyError, ZeroDivisionError):
        return None
    if expected.scores is not None:
        return _of_classes(fitted, task, expected)
    if reference.role == "regressor":
        return _of_numbers(fitted.labels(task.queries)[:, None], expected, free_signs=False)
    return _of_numbers(fitted.transformed(task.queries), expected, free_signs=reference.free_signs)


def _of_classes(fitted: Fitted, task: Task, expected: Answer) -> Comparison | None:
    scores = expected.scores
    assert scores is not None
    if not np.isfinite(scores).all():
        return None
    predicted = fitted.labels(task.queries)
    best = scores.max(axis=1)
    own = scores[np.arange(len(scores)), np.clip(predicted, 0, scores.shape[1] - 1)]
    wrong = (predicted < 0) | (best - own > 1e-5 * (1 + np.abs(best)))
    away = np.zeros(len(scores))
    shares = fitted.probabilities(task.queries)
    if (
        shares is not None
        and expected.probabilities is not None
        and shares.shape == expected.probabilities.shape
    ):
        away = np.nan_to_num(np.abs(shares - expected.probabilities).max(axis=1), nan=1.0)
    row = int((wrong * 2 + away).argmax())
    seen, right = f"class {predicted[row]}", f"class {scores[row].argmax()}"
    if not wrong[row] and shares is not None and expected.probabilities is not None:
        seen = f"probabilities {np.round(shares[row], 4)}"
        right = f"probabilities {np.round(expected.probabilities[row], 4)}"
    return Comparison(float(wrong.mean()), float(away.max()), f"query {row}", seen, right)


def _of_numbers(seen: np.ndarray, expected: Answer, *, free_signs: bool) -> Comparison:
    values = expected.values
    assert values is not None
    values = values.reshape(len(values), -1)
    if seen.shape != values.shape:
        return Comparison(1.0, np.inf, "its shape", f"shape {seen.shape}", f"shape {values.shape}")
    if free_signs:
        seen = seen * np.where((seen * values).sum(axis=0) < 0, -1.0, 1.0)
    away = np.nan_to_num(np.abs(seen - values) / (np.abs(values).max(axis=0) + 1e-12), nan=np.inf)
    row, column = np.unravel_index(int(away.argmax()), away.shape)
    return Comparison(
        0.0,
        float(away.max()),
        f"query {row}, column {column}" if values.shape[1] > 1 else f"query {row}",
        f"{seen[row, column]:.6g}",
        f"{values[row, column]:.6g}",
    )
