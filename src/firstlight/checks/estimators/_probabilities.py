"""K7: probabilities are probabilities, in the order of the classes."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._fitted import Fitted, plain_array
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._renaming import best_renaming
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["gives_probabilities"]

TOLERANCE = 1e-3  # of a row's sum: half precision may be meant


@question(
    "K7",
    "probabilities add up to 1 and agree with predict",
    families=("forward", "softmax", "labels", "numerical-stability"),
    roles=("classifier", "clusterer"),
)
def gives_probabilities(subject: EstimatorSubject) -> Outcome:
    """Ask overlapping data: range, sum, type and order of the columns."""
    task = subject.hard_task
    fitted = subject.fit(task)
    if not hasattr(fitted.model, "predict_proba"):
        return skipped("no predict_proba")
    found = fitted.probabilities(task.queries)
    if found is None:
        return warned("probabilities are no array of numbers")
    raw = plain_array(fitted.called(fitted.model.predict_proba, task.queries.copy()))
    return _as_numbers(found, raw, task.queries) or _as_labels(subject, fitted, found, task.queries)


def _as_numbers(found: np.ndarray, raw: np.ndarray, queries: np.ndarray) -> Outcome | None:
    if len(found) != len(queries):
        return failed(
            "shape",
            expected=f"{len(queries)} rows",
            seen=f"shape {raw.shape}",
            where="predict_proba",
            cause="There is not one row of probabilities for each query.",
            certainty=0.7,
        )
    if not np.isfinite(found).all():
        row = int(np.argwhere(~np.isfinite(found))[0][0])
        return failed(
            "numerical-stability",
            expected="finite numbers",
            seen=f"{found[row]}",
            where=f"row {row} of predict_proba",
            cause="A logarithm of zero, a division by zero or an exponential that is too large.",
            certainty=0.7,
        )
    if raw.dtype.kind in "iub" and raw.ndim == 2:
        return failed(
            "forward",
            expected="numbers between 0 and 1",
            seen=f"dtype {raw.dtype}: {found[0]}",
            where="row 0 of predict_proba",
            cause="Probabilities are cast to whole numbers: what is below 1 becomes 0.",
            hint="Make the array of floats before it is filled.",
            certainty=0.95,
        )
    if (found < -1e-6).any() or (found > 1 + TOLERANCE).any():
        row = int(np.argwhere((found < -1e-6) | (found > 1 + TOLERANCE))[0][0])
        is_log = bool((found <= 1e-9).all())
        return failed(
            "forward" if is_log else "softmax",
            expected="numbers between 0 and 1",
            seen=f"{found[row]}",
            where=f"row {row} of predict_proba",
            cause="These are logarithms."
            if is_log
            else "These are scores: the softmax or the division is missing.",
            certainty=0.8,
        )
    away = np.abs(found.sum(axis=1) - 1)
    if away.max() > TOLERANCE:
        row = int(away.argmax())
        is_column = np.abs(found.sum(axis=0) - 1).max() < TOLERANCE
        return failed(
            "softmax",
            expected="each row adds up to 1",
            seen=f"{found[row]}, which adds up to {found[row].sum():.4g}",
            where=f"row {row} of predict_proba",
            cause="Columns add up to 1, not rows: the wrong axis."
            if is_column
            else "Rows are not divided by their sum.",
            certainty=0.85,
        )
    return None


def _as_labels(subject: EstimatorSubject, fitted: Fitted, found: np.ndarray, queries: np.ndarray) -> Outcome:
    if subject.role == "clusterer" or found.shape[1] != fitted.form.classes:
        return passed("finite, between 0 and 1, rows add up to 1")
    predicted, largest = fitted.labels(queries), _named(fitted, found.argmax(axis=1))
    share = float((predicted == largest).mean())
    if share >= 0.9:
        return passed(f"rows add up to 1, {share:.0%} of the largest are what predict says")
    _, renamed = best_renaming(largest, predicted)
    spread = float(found.std(axis=0).max())
    if spread < 1e-9 and len(np.unique(predicted)) > 1:
        return failed(
            "forward",
            expected="probabilities that depend on the row",
            seen=f"{found[0]} for every row",
            where="predict_proba",
            cause="Probabilities are those of the classes, whatever the row.",
            certainty=0.7,
        )
    if renamed >= 0.9:
        return failed(
            "labels",
            expected="columns in the order of the classes",
            seen=f"{share:.0%} agree with predict, {renamed:.0%} once columns are exchanged",
            where=f"row {int(np.flatnonzero(predicted != largest)[0])} of predict_proba",
            cause="Columns of predict_proba do not stand in the order of classes_.",
            certainty=0.9,
        )
    if share < 0.5 and not subject.is_library:
        return failed(
            "forward",
            expected="the largest probability is that of the predicted class",
            seen=f"in {share:.0%} of rows only",
            where=f"row {int(np.flatnonzero(predicted != largest)[0])} of predict_proba",
            certainty=0.4,
        )
    return warned(f"the largest probability is the predicted class in {share:.0%} of rows only")


def _named(fitted: Fitted, columns: np.ndarray) -> np.ndarray:
    """Turn numbers of columns into labels, by ``classes_`` where it has one."""
    classes = getattr(fitted.model, "classes_", None)
    if classes is None or np.ndim(classes) != 1 or len(classes) != fitted.form.classes:
        return columns
    try:
        return np.asarray(fitted.form.decoded(np.asarray(classes))[columns])
    except (TypeError, ValueError):
        return columns
