"""K4 and K11: the answers are those of the reference, under the implementation's own options and others.

Where they are not, the reference is computed in the other accepted ways (dialects) and in the known wrong
ones (mistakes): the one that fits names what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, inconclusive, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._comparison import compared_with
from firstlight.checks.estimators._forms import Task, blobs, line
from firstlight.checks.estimators._mistakes import named_mistake
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import MISSING, SEEDS, EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS, EstimatorReference

__all__ = ["agrees_with_reference", "is_at_optimum"]

HARMLESS = {
    *SEEDS,
    *ITERATIONS,
    "n_jobs",
    "verbose",
    "tol",
    "tolerance",
    "lr",
    "learning_rate",
    "eta",
    "batch_size",
    "copy",
    "copy_X",
    "solver",
    "algorithm",
    "leaf_size",
    "store_covariance",
    "svd_solver",
    "store_covariances",
    "eps",
    "n_iter_no_change",
    "chunk_size",
    "vectorized",
    "optimizer",
    "dtype",
    "device",
    "n_classes",
    "n_features",
    "loss",
}


@question(
    "K4",
    "agrees with the reference",
    families=("forward", "distance", "objective", "preprocessing", "order", "ignored-option", "sign"),
    roles=("classifier", "regressor", "transformer"),
)
def agrees_with_reference(subject: EstimatorSubject) -> Outcome:
    """Compare predictions, probabilities or values with a closed form."""
    reference = subject.reference
    if reference is None or reference.answer is None or reference.is_iterative:
        return skipped("no reference with a closed form: --like names one")
    return _agreement(subject, reference)


@question(
    "K11",
    "is at the optimum of the declared objective",
    families=("objective", "ignored-option", "forward"),
    roles=("classifier", "regressor"),
)
def is_at_optimum(subject: EstimatorSubject) -> Outcome:
    """Compare with the optimum, found by Newton's method, of each accepted objective and of wrong ones."""
    reference = subject.reference
    if reference is None or reference.answer is None or not reference.is_iterative:
        return skipped("no reference with one optimum: --like names one")
    return _agreement(subject, reference)


def _agreement(subject: EstimatorSubject, reference: EstimatorReference) -> Outcome:
    reference = _as_stepwise(subject, reference)
    strange = set(subject.given.args) - HARMLESS - {n for o in reference.options.values() for n in o.names}
    doubts, dialects, asked = [], [], 0
    if subject.role == "transformer" and not hasattr(subject.sample, "transform"):
        return skipped("it has no transform")
    for settings in _settings(subject, reference):
        found = _one(subject, reference, settings)
        if isinstance(found, Outcome) and found.status == "fail" and settings.get("metric") == "manhattan":
            others = (_one(subject, reference, settings, {"metric": word}) for word in ("l1", "cityblock"))
            found = next((one for one in others if not isinstance(one, Outcome)), found)
        if isinstance(found, Outcome):
            if found.status == "fail" and strange:
                return warned(f"differs from the reference, which does not know {', '.join(sorted(strange))}")
            if found.status == "fail":
                return found
            doubts.append(found)
            continue
        asked += 1
        dialects += [found] if found else []
    if doubts and (asked == 0 or any(doubt.status == "warn" for doubt in doubts)):
        return doubts[0]
    return passed(
        f"{asked} setting{'s' if asked != 1 else ''} as {reference.name} says",
        dialect=", ".join(dict.fromkeys(dialects)) or None,
    )


def _as_stepwise(subject: EstimatorSubject, reference: EstimatorReference) -> EstimatorReference:
    """Grant an implementation that walks downhill step by step that it stops a little early."""
    if subject.name_of((*ITERATIONS, "lr", "learning_rate", "eta")) is None or subject.is_library:
        return reference
    if reference.name not in ("ridge", "pca"):
        return reference
    return replace(reference, is_iterative=True, tolerance=max(reference.tolerance, 8e-3))


def _settings(subject: EstimatorSubject, reference: EstimatorReference) -> Iterator[Mapping[str, Any]]:
    """Its own options, then variants of them that it knows too."""
    yield {}
    for variant in reference.variants:
        names = {key: subject.name_of(reference.options[key].names) for key in variant}
        if all(name is not None and name not in subject.given.args for name in names.values()):
            yield variant


def _one(
    subject: EstimatorSubject,
    reference: EstimatorReference,
    variant: Mapping[str, Any],
    spelt: Mapping[str, Any] | None = None,
) -> Outcome | str | None:
    """Return a failure or doubt, or the dialect that fits (``None`` for the first one)."""
    changed = {
        str(subject.name_of(reference.options[key].names)): (spelt or {}).get(key, value)
        for key, value in variant.items()
    }
    task = _task(subject)
    try:
        fitted = subject.fit(task, options=changed)
        own = list(_own_options(subject, reference, variant, bound=min(task.X.shape)))
    except TargetBroke as error:
        if not variant:
            raise
        return skipped(f"does not take {changed}: {error}")
    if not own:
        return skipped("an option has a value that the reference does not know")
    said = ", ".join(f"{name}={value!r}" for name, value in changed.items()) or "its own options"
    first, failing, nearest = None, [], np.inf
    for options in own:
        for name, dialect in {"": {}, **reference.dialects}.items():
            compared = compared_with(fitted, task, reference, {**options, **dialect})
            if compared is None:
                continue
            first = first or compared
            nearest = min(nearest, compared.numbers_wrong + compared.labels_wrong)
            if compared.is_close(reference.tolerance, is_iterative=reference.is_iterative):
                return name or None
        failing.append(options)
    if first is None:
        return inconclusive("the reference has no answer to these data")
    return named_mistake(subject, reference, fitted, task, failing, first, nearest, said, changed)


def _task(subject: EstimatorSubject) -> Task:
    form = subject.probe.form
    if subject.role == "regressor":
        task = line(form, seed=9, rows=40, queries=30, noise=2.0)
        return Task(task.X + 0.7, task.y + 20, task.queries + 0.7, task.truth + 20)
    shares = tuple(np.linspace(0.4, 1.6, form.classes))
    spread = 2.2 if subject.like == "logistic" else 1.3  # overlapping: no weight runs off to infinity
    task = blobs(form, seed=9, spread=spread, rows=40, queries=30, shares=shares)
    if form.values == "counts":
        return task
    scale = np.linspace(0.5, 2.0, form.features)
    mix = np.eye(form.features) + 0.4 * np.eye(form.features, k=1)
    X, queries = ((values @ mix) * scale + 0.5 for values in (task.X, task.queries))
    if subject.role == "classifier" and subject.like not in ("bernoulli-nb", "logistic"):
        wider = np.linspace(0.6, 1.5, form.classes)  # classes differ in spread: quadratic terms count
        X, queries = X * wider[task.y][:, None], queries * wider[task.truth][:, None]
    return Task(X, task.y, queries, task.truth)


def _own_options(
    subject: EstimatorSubject, reference: EstimatorReference, variant: Mapping[str, Any], *, bound: int
) -> Iterator[dict[str, Any]]:
    """Its options in the reference's words; each candidate of those that it does not say."""
    found: list[dict[str, Any]] = [{}]
    for key, option in reference.options.items():
        value = variant.get(key, subject.value_of(option))
        if value is MISSING:
            values = option.candidates or (option.default,)
        elif key == "n_components" and not isinstance(value, int | np.integer | None):
            return  # a share of variance, or a word
        elif _is_known(value, option.default, option.words):
            values = (value,)
        else:
            return
        found = [{**options, key: value} for options in found for value in values]
    yield from (options for options in found if (options.get("n_components") or 0) <= bound)


def _is_known(value: Any, default: Any, words: Mapping[Any, Any]) -> bool:
    if isinstance(value, str) or isinstance(default, str):
        return value == default or value in words.values() or value in ("distance", "chebyshev", "cosine")
    if isinstance(default, bool):
        return isinstance(value, bool | np.bool_)
    return value is None or isinstance(value, int | float | np.number | tuple | list)
