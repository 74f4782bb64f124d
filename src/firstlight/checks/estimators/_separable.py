"""K13: what lies far apart is told apart."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, warned
from firstlight.checks.estimators._forms import blobs
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._renaming import best_renaming
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["learns_what_is_far_apart"]

GOOD, POOR = 0.9, 0.6
MORE_ROWS = 400  # for each class: a network may need more steps than 90 rows give it


@question(
    "K13",
    "learns what is far apart",
    families=("capacity", "labels", "sign", "shape"),
    roles=("classifier", "regressor"),
)
def learns_what_is_far_apart(subject: EstimatorSubject) -> Outcome:
    """Ask for the class of rows 14 standard deviations from every other class, or for a straight line."""
    if type(subject.sample).__name__.startswith("Dummy"):
        return passed("a dummy is not meant to learn")
    return _line(subject) if subject.role == "regressor" else _classes(subject)


def _classes(subject: EstimatorSubject) -> Outcome:
    probe = subject.probe
    assert probe.fitted is not None
    task, predicted = probe.task, probe.fitted.labels(probe.task.queries)
    share = float((predicted == task.truth).mean())
    if share < POOR:
        task = blobs(probe.form, seed=3, rows=MORE_ROWS)
        predicted = subject.fit(task).labels(task.queries)
        share = float((predicted == task.truth).mean())
    if share >= GOOD:
        return passed(f"{share:.0%} of {len(task.truth)} rows right")
    renaming, renamed = best_renaming(predicted, task.truth)
    if renamed >= GOOD:
        return failed(
            "labels",
            expected="each row's own class",
            seen=f"{share:.0%} right; {renamed:.0%} once names are exchanged: "
            + ", ".join(f"{a} is {b}" for a, b in renaming.items() if a != b),
            where=f"row {int(np.flatnonzero(predicted != task.truth)[0])}",
            cause="It tells the classes apart and names them wrongly: an order of classes is mixed up.",
            hint="Keep np.unique(y), and look names up in it with the column's number.",
            certainty=0.95,
        )
    if share < POOR:
        return failed(
            "capacity",
            expected=f"at least {GOOD:.0%} right: classes lie 14 standard deviations apart",
            seen=f"{share:.0%} right",
            where=f"row {int(np.flatnonzero(predicted != task.truth)[0])}",
            cause="It does not learn what each right classifier learns.",
            certainty=0.25,
        )
    return warned(f"only {share:.0%} right where classes lie 14 standard deviations apart")


def _line(subject: EstimatorSubject) -> Outcome:
    probe = subject.probe
    assert probe.fitted is not None
    predicted = probe.fitted.labels(probe.task.queries)
    truth = probe.task.truth
    if not np.isfinite(predicted).all():
        return failed("numerical-stability", expected="finite numbers", seen="NaN or infinite", certainty=0.5)
    score = 1 - ((predicted - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
    is_still = predicted.std() < 0.01 * truth.std() and not subject.is_library
    if is_still:
        return failed(
            "shape",
            expected="predictions that vary with the row: R² near 1",
            seen=f"standard deviation {predicted.std():.2g}, that of the targets {truth.std():.2g}",
            where="predict",
            cause="Predictions hardly depend on the row: (n, 1) - (n,) averages the gradient away.",
            certainty=0.4,
        )
    if score >= 0.5:
        return passed(f"R² {score:.3f} on a straight line")
    if score >= -0.3:
        return warned(f"R² is only {score:.3f} on a straight line with little noise")
    if subject.is_library:
        return inconclusive(f"R² is {score:.3f} on a straight line with little noise")
    correlation = float(np.corrcoef(predicted, truth)[0, 1]) if predicted.std() > 0 else 0.0
    is_turned = correlation < -0.5
    return failed(
        "sign" if is_turned else "capacity",
        expected="R² near 1: a straight line with little noise",
        seen=f"R² {score:.3g}, correlation {correlation:.2f}: worse than the mean of all",
        where=f"row {int(np.abs(predicted - truth).argmax())}",
        cause="Predictions go down where targets go up: a sign is turned round." if is_turned else "",
        certainty=0.7 if is_turned else 0.3,
    )
