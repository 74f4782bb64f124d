"""K3: labels are names: exchanging them exchanges the answers, gaps and words are as good."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task, labels_of
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._renaming import best_renaming
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["labels_are_names"]

NAMES = {"gaps": np.array([2, 5, 9]), "words": np.array(["seven", "five", "two"])}


@question("K3", "labels are names", families=("labels",), roles=("classifier",))
def labels_are_names(subject: EstimatorSubject) -> Outcome:
    """Exchange labels 0 .. k-1; then give labels with gaps, and words."""
    probe = subject.probe
    assert probe.fitted is not None
    if (probe.fitted.labels(probe.task.queries) == probe.task.truth).mean() < 0.9:
        return skipped("it does not learn plain data: see K13")
    return _exchanged(subject) or _others(subject)


def _exchanged(subject: EstimatorSubject) -> Outcome | None:
    task, classes = subject.probe.task, subject.probe.form.classes
    other = np.roll(np.arange(classes), 1)
    turned = Task(task.X, other[task.y], task.queries, other[task.truth])
    predicted = subject.fit(turned).labels(task.queries)
    share = float((predicted == turned.truth).mean())
    if share >= 0.75:
        return None
    _, renamed = best_renaming(predicted, turned.truth)
    return failed(
        "labels",
        expected="the same answers under the new names",
        seen=f"{share:.0%} right after labels were exchanged"
        + (f", {renamed:.0%} renamed" if renamed > 0.9 else ""),
        where="labels 0, 1, 2 exchanged",
        cause="Which class comes first in the data, or is called 0, changes the answers.",
        hint="Sort the classes once (np.unique) and keep them for predict.",
        certainty=0.9 if renamed > 0.9 else 0.6,
    )


def _others(subject: EstimatorSubject) -> Outcome:
    if subject.probe.form.labels != "integers":
        return passed("answers follow when labels are exchanged")
    refused = []
    for kind, names in NAMES.items():
        found = _named(subject, kind, names[: subject.probe.form.classes])
        if isinstance(found, Outcome):
            return found
        if not found:
            refused.append(kind)
    if refused:
        return warned(f"labels have to be 0 .. k-1: it does not take {' or '.join(refused)}")
    return passed("answers follow when labels are exchanged, have gaps or are words")


def _named(subject: EstimatorSubject, kind: str, names: np.ndarray) -> Outcome | bool:
    """Return whether it takes such labels, or the failure that it takes them and answers others."""
    if len(names) < subject.probe.form.classes:
        return True
    task = subject.probe.task
    try:
        fitted = subject.fit(task, given_labels=names[task.y])
        answer = labels_of(fitted.answers(task.queries))
    except TargetBroke:
        return False
    expected = names[task.truth]
    share = (
        float(np.mean(answer.astype(str) == expected.astype(str))) if answer.shape == expected.shape else 0.0
    )
    if share < 0.9 and answer.shape == expected.shape and answer.dtype.kind == "f" and kind == "gaps":
        share = float(np.mean(answer == expected))
    if share >= 0.75:
        return True
    if not _claims(fitted, names):
        return False
    first = int(np.flatnonzero(answer.astype(str) != expected.astype(str))[0]) if answer.ndim == 1 else 0
    return failed(
        "labels",
        expected=f"labels out of {names.tolist()}",
        seen=f"{share:.0%} right; it answers {np.unique(answer)[:5].tolist()}",
        where=f"row {first}: {expected[first]}",
        cause="It knows the names of the classes and answers with their numbers, or sorts them otherwise.",
        hint="Return classes_[numbers].",
        certainty=0.9,
    )


def _claims(fitted: Fitted, names: np.ndarray) -> bool:
    """Whether it kept the names of the classes: then it means to handle any."""
    for found in list(getattr(fitted.model, "__dict__", {}).values()):
        is_list = isinstance(found, (list, tuple, np.ndarray)) and len(found) == len(names)
        if (
            is_list
            and all(np.ndim(one) == 0 for one in found)
            and set(map(str, found)) == set(map(str, names))
        ):
            return True
    return False
