"""K14, K15 and K9: rows are answered one by one, and in which order they are learnt does not matter."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._fitted import Fitted, plain_array
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["fit_transform_is_both", "order_of_rows_is_nothing", "rows_are_answered_alone"]

ORDERLESS = {
    "knn",
    "gaussian-nb",
    "multinomial-nb",
    "bernoulli-nb",
    "lda",
    "qda",
    "nearest-centroid",
    "ridge",
    "linear-regression",
    "pca",
    "standard-scaler",
    "min-max-scaler",
}


@question("K14", "fit_transform is fit and transform", families=("preprocessing",), roles=("transformer",))
def fit_transform_is_both(subject: EstimatorSubject) -> Outcome:
    """Compare both ways on the same rows; a method that only approximates new rows is warned of."""
    if not (hasattr(subject.sample, "fit_transform") and hasattr(subject.sample, "transform")):
        return skipped("it has not both of fit_transform and transform")
    if subject.needs_labels:
        return skipped("it learns from labels: scikit-learn's may answer training rows otherwise")
    task = subject.hard_task
    fitted = subject.fit(task)
    apart = fitted.transformed(task.X)
    model = subject.make()
    together = plain_array(fitted.called(model.fit_transform, task.X.copy()))
    together = together.reshape(len(together), -1) if together.ndim else together
    if together.shape == apart.shape:
        together = together * np.where((together * apart).sum(axis=0) < 0, -1.0, 1.0)
        scale = np.abs(apart).max() + 1e-12
        away = np.abs(together - apart) / scale
        if away.max() < 1e-4:
            return passed("the same rows both ways")
        row = int(away.max(axis=1).argmax())
        seen, expected = f"{together[row][:4]}", f"{apart[row][:4]}"
    else:
        row, seen, expected = 0, f"shape {together.shape}", f"shape {apart.shape}"
    if not _is_affine(fitted, task) or subject.is_random:
        return warned(f"fit_transform and transform differ: {seen} against {expected}", where=f"row {row}")
    return failed(
        "preprocessing",
        expected=f"{expected}, as transform gives",
        seen=f"{seen} from fit_transform",
        where=f"row {row}",
        cause="One of the two leaves out a step of the other, such as subtracting the mean.",
        certainty=0.85,
    )


def _is_affine(fitted: Fitted, task: Task) -> bool:
    """Whether transformed rows are a matrix times the rows, plus a shift."""
    both = np.vstack([task.X, task.queries])
    out = fitted.transformed(both)
    if not np.isfinite(out).all():
        return False
    wide = np.hstack([both, np.ones((len(both), 1))])
    left = out - wide @ np.linalg.lstsq(wide, out, rcond=None)[0]
    return bool(np.abs(left).max() < 1e-6 * (np.abs(out).max() + 1e-12))


@question(
    "K15",
    "each row is answered for itself",
    families=("batch-mixing",),
    roles=("classifier", "regressor", "transformer"),
)
def rows_are_answered_alone(subject: EstimatorSubject) -> Outcome:
    """Ask half of the rows, and all in another order: each row's answer stays."""
    task = subject.hard_task
    fitted = subject.fit(task)
    if subject.role == "transformer" and not hasattr(fitted.model, "transform"):
        return skipped("it has no transform")
    whole = subject.numbers(fitted, task.queries).reshape(len(task.queries), -1)
    again = subject.numbers(fitted, task.queries).reshape(len(task.queries), -1)
    if not np.allclose(whole, again, rtol=1e-6, atol=1e-9, equal_nan=True):
        return warned("the same rows asked twice are answered differently")
    few = np.flatnonzero(task.queries[:, 0] > np.median(task.queries[:, 0]))  # another mean than that of all
    order = np.arange(len(task.queries))[::-1]
    for what, rows in {"half of the rows": few, "the rows in reverse": order}.items():
        part = subject.numbers(fitted, task.queries[rows]).reshape(len(rows), -1)
        found = _moved(subject, fitted, task, whole[rows], part, what, rows)
        if found is not None:
            return found
    return passed("the same answers for half of the rows, and for all in reverse")


def _moved(
    subject: EstimatorSubject,
    fitted: Fitted,
    task: Task,
    whole: np.ndarray,
    part: np.ndarray,
    what: str,
    rows: np.ndarray,
) -> Outcome | None:
    if whole.shape == part.shape and np.allclose(whole, part, rtol=1e-4, atol=1e-5, equal_nan=True):
        return None
    away = np.abs(whole - part).max(axis=1) if whole.shape == part.shape else np.full(len(rows), np.inf)
    first = int(np.nan_to_num(away, nan=np.inf).argmax())
    is_close = float(np.nanmean(away > 1e-3 * (np.nanstd(whole) + 1e-9))) < 0.05
    is_vague = subject.role == "transformer" and (subject.is_library or not _is_affine_on(fitted, task))
    if is_close or is_vague or subject.is_library:
        return warned(f"asked with {what}, row {rows[first]} is answered a little otherwise")
    return failed(
        "batch-mixing",
        expected=f"{np.round(whole[first], 5)[:4]}, as when all rows are asked together",
        seen=f"{np.round(part[first], 5)[:4] if len(part) == len(rows) else part.shape}, asked with {what}",
        where=f"query {rows[first]}",
        cause="An answer depends on which rows are asked with it: their mean, norm or number enters.",
        hint="Use what fit has learnt, never statistics of the queries.",
        certainty=0.85,
    )


def _is_affine_on(fitted: Fitted, task: Task) -> bool:
    """Whether each set of rows alone is transformed by a matrix and a shift."""
    return _is_affine(fitted, Task(task.X[:0], task.y[:0], task.queries, task.truth))


@question(
    "K9",
    "the order of rows does not matter",
    families=("order",),
    roles=("classifier", "regressor", "transformer"),
    like=tuple(sorted(ORDERLESS)),
)
def order_of_rows_is_nothing(subject: EstimatorSubject) -> Outcome:
    """Sort the rows by class before they are learnt."""
    if subject.is_random:
        return skipped("it draws random numbers")
    task = subject.hard_task
    order = np.lexsort((task.X[:, 0], task.y))
    sorted_task = Task(task.X[order], task.y[order], task.queries, task.truth)
    expected = subject.numbers(subject.fit(task), task.queries)
    seen = subject.numbers(subject.fit(sorted_task), task.queries)
    if seen.shape == expected.shape:
        seen = (
            np.where((seen * expected).sum(axis=0) < 0, -1.0, 1.0) * seen
            if subject.role == "transformer"
            else seen
        )
        away = np.abs(seen - expected).max(axis=1)
        if (away > 0.02 * (expected.std() + 1e-9)).mean() < 0.1:
            return passed("rows sorted by class teach the same")
    if subject.is_library:
        return warned("rows sorted by class teach otherwise")
    row = int(np.abs(seen - expected).max(axis=1).argmax()) if seen.shape == expected.shape else 0
    return failed(
        "order",
        expected=f"{expected[row]}, whatever the order of the rows",
        seen=f"{seen[row]} when they are sorted by class",
        where=f"query {row}",
        cause="Some rows are left out, or matched with labels of others, after where they stand.",
        certainty=0.6,
    )
