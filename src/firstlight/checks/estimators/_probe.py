"""The first fit: in which form an implementation takes data, found by trying one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import FORMS, Form, Task, blobs
from firstlight.checks.estimators._making import cause_of, or_none
from firstlight.checks.estimators._renaming import best_renaming
from firstlight.checks.estimators._roles import named_arguments

if TYPE_CHECKING:
    from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["Probe", "answers_numbers", "probed"]


@dataclass(frozen=True)
class Probe:
    """What a first fit found: the form that works, or what was raised."""

    form: Form
    task: Task
    fitted: Fitted | None
    error: Exception | None = None
    only_two: bool = False


def answers_numbers(subject: EstimatorSubject) -> bool:
    """Whether it is one for numbers after all: it answers labels 0, 1, 2 with what lies between."""
    is_said = any(
        hasattr(subject.sample, name) for name in ("predict_proba", "_estimator_type", "__sklearn_tags__")
    )
    if is_said or (subject.reference is not None and subject.reference.answer is not None):
        return False
    task = blobs(Form())
    try:
        answer = subject.fit(task, form=Form()).answers(task.queries)
    except Exception:
        return False
    if answer.dtype.kind != "f" or answer.ndim != 1 or not np.isfinite(answer).all():
        return False
    return bool((np.abs(answer - np.round(answer)) > 1e-3).mean() > 0.3)


def probed(subject: EstimatorSubject) -> Probe:
    """Fit it to easy data in one form after another, until one works."""
    best: Probe | None = None
    for form in _forms(subject):
        found = _tried(subject, form)
        if found.error is None and (best is None or best.error is not None):
            best = found
        if found.error is None and _is_good(subject, found):
            return _chosen(best or found, found)
        best = best or found
    assert best is not None
    if (
        best.error is not None
        and subject.role == "transformer"
        and not subject.with_labels
        and _has_labels(subject.sample)
    ):
        subject.with_labels = True  # they may be left out by its signature, not by what it does
        return _tried(subject, Form())
    return best


def _forms(subject: EstimatorSubject) -> tuple[Form, ...]:
    values = subject.given.declares.get("input") or (
        subject.reference.values if subject.reference else "plain"
    )
    if subject.role == "regressor":
        return (Form("numbers", 1), Form("column", 1), Form("numbers", 1, values="counts"))
    forms: tuple[Form, ...] = FORMS
    if subject.role != "classifier":
        forms = (Form("integers"), Form("integers", values="counts"), Form("integers", 10, 784))
    labels, classes = subject.given.declares.get("labels"), subject.given.declares.get("classes")
    forms = tuple(form for form in forms if labels in (None, form.labels)) or forms
    forms = tuple(form for form in forms if classes in (None, str(form.classes))) or forms
    if values == "counts":
        return tuple(_counted(form) for form in forms if form.values == "plain")
    return forms


def _tried(subject: EstimatorSubject, form: Form) -> Probe:
    task = subject.task(form)
    try:
        fitted = subject.fit(task, form=form)
        subject.ask(fitted, task.queries)
    except Exception as error:
        return Probe(form, task, None, cause_of(error))
    return Probe(form, task, fitted)


def _is_good(subject: EstimatorSubject, probe: Probe) -> bool:
    if subject.role != "classifier":
        return True
    assert probe.fitted is not None
    return bool((probe.fitted.labels(probe.task.queries) == probe.task.truth).mean() > 0.9)


def _chosen(first: Probe, good: Probe) -> Probe:
    """One that handles two classes only is taken by its word, unless it claims to handle three."""
    if first is good or first.form.classes == good.form.classes or first.fitted is None:
        return good
    is_permuted = _best_renaming(first) > 0.9
    many = len(np.unique(first.fitted.labels(first.task.queries)))
    claims = getattr(first.fitted.model, "classes_", None)
    shares = or_none(lambda: first.fitted and first.fitted.probabilities(first.task.queries))
    is_many = many > 2 or (claims is not None and np.size(claims) > 2)
    if is_permuted or is_many or (shares is not None and shares.shape[1] > 2):
        return first
    return Probe(good.form, good.task, good.fitted, only_two=True)


def _best_renaming(probe: Probe) -> float:
    assert probe.fitted is not None
    return best_renaming(probe.fitted.labels(probe.task.queries), probe.task.truth)[1]


def _has_labels(model: Any) -> bool:
    return len(named_arguments(getattr(model, "fit", None))[0]) > 1


def _counted(form: Form) -> Form:
    return Form(form.labels, form.classes, form.features, "counts")
