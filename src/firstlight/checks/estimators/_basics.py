"""K1: it fits plain data and answers each row."""

from __future__ import annotations

import traceback
from pathlib import Path

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks.estimators._probe import Probe
from firstlight.checks.estimators._question import DELIBERATE
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["fits_and_answers"]


@check_of(
    "K1",
    "fits plain data and answers each row",
    families=("shape", "numerical-stability", "labels"),
    seconds=60,
)
def fits_and_answers(subject: EstimatorSubject) -> Outcome:
    """Fit easy data; hold the number, the form and the finiteness of the answers against the rows."""
    probe = subject.probe
    if probe.fitted is None:
        return _never_fits(subject, probe)
    if subject.role not in ("classifier", "regressor"):
        return _rows_answered(subject, probe)
    answer = probe.fitted.answers(probe.task.queries)
    found = _wrong_form(answer, probe)
    if found is not None:
        return found
    if not np.isfinite(probe.fitted.labels(probe.task.queries)).all():
        return failed(
            "numerical-stability",
            expected="a finite number for each row",
            seen="NaN or infinite predictions",
            where=f"row {int(np.flatnonzero(~np.isfinite(probe.fitted.labels(probe.task.queries)))[0])}",
            certainty=0.6,
        )
    if probe.fitted.model is None:
        return warned("fit gives nothing back; scikit-learn's gives the estimator")
    return passed(f"{len(probe.task.X)} rows fitted, {len(answer)} answered, as {_words(subject, probe)}")


def _wrong_form(answer: np.ndarray, probe: Probe) -> Outcome | None:
    many = len(probe.task.queries)
    if answer.ndim == 0 or len(answer) != many:
        return failed(
            "shape",
            expected=f"{many} answers to {many} rows",
            seen=f"shape {answer.shape}",
            where="predict",
            cause="Answers are lost, added, or laid along the wrong axis.",
            certainty=0.7,
        )
    if answer.ndim == 2 and answer.shape[1] == many:
        return failed(
            "shape",
            expected=f"shape ({many},)",
            seen=f"shape {answer.shape}",
            where="predict",
            cause="A column and a row were added: (n, 1) with (n,) gives (n, n).",
            certainty=0.8,
        )
    return None


def _rows_answered(subject: EstimatorSubject, probe: Probe) -> Outcome:
    if subject.role == "other":
        return passed("fitted")
    assert probe.fitted is not None
    found = np.asarray(subject.ask(probe.fitted, probe.task.queries))
    expected = len(probe.task.X) if subject.role == "clusterer" else len(probe.task.queries)
    if len(found) != expected and not subject.is_library:
        return failed(
            "shape",
            expected=f"{expected} answers to {expected} rows",
            seen=f"shape {found.shape}",
            where="predict" if subject.role == "clusterer" else "transform",
            certainty=0.6,
        )
    if found.dtype.kind == "f" and not np.isfinite(found).all() and not subject.is_library:
        return failed(
            "numerical-stability",
            expected="finite numbers",
            seen=f"{int((~np.isfinite(found)).sum())} NaN or infinite of {found.size}",
            where=f"column {int(np.argwhere(~np.isfinite(found))[0][-1])}",
            certainty=0.5,
        )
    return passed(f"{len(probe.task.X)} rows fitted, {len(found)} answered")


def _never_fits(subject: EstimatorSubject, probe: Probe) -> Outcome:
    error = probe.error
    said = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    if subject.role == "other":
        return skipped(f"it is none of the roles that are known, and plain data do not fit: {said}")
    if subject.is_library or isinstance(error, NotImplementedError):
        return inconclusive(
            f"no data that were tried fit it: {said}",
            hint="It may need other input, or arguments: --args; see --declares role, labels, input.",
        )
    is_deliberate = isinstance(error, DELIBERATE)
    return failed(
        "shape",
        expected=f"{probe.task.X.shape[0]} rows of {probe.task.X.shape[1]} numbers are fitted",
        seen=said,
        where=_place(error),
        cause="It breaks on plain data: rows of numbers, labels 0, 1, 2.",
        hint="Run the line named above; or say with --declares what it takes (role, labels, classes, input).",
        certainty=0.15 if is_deliberate else 0.2,
    )


def _place(error: BaseException | None) -> str:
    frames = traceback.extract_tb(error.__traceback__) if error else []
    if not frames:
        return "fit"
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}, in {frames[-1].name}"


def _words(subject: EstimatorSubject, probe: Probe) -> str:
    return f"{subject.role}, labels as {probe.form.labels}" if subject.role == "classifier" else subject.role
