"""K4 and K11: the answers are those of the reference, under the implementation's own options and others.

Where they are not, the reference is computed in the other accepted ways (dialects) and in the known wrong
ones (mistakes): the one that fits names what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._bias import bias_of
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task, blobs, line
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import MISSING, SEEDS, EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS, Answer, EstimatorReference, Mistake

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
            compared = _compared(fitted, task, reference, {**options, **dialect})
            if compared is None:
                continue
            first = first or compared
            nearest = min(nearest, compared.numbers_wrong + compared.labels_wrong)
            if compared.is_close(reference.tolerance, is_iterative=reference.is_iterative):
                return name or None
        failing.append(options)
    if first is None:
        return inconclusive("the reference has no answer to these data")
    return _mistaken(subject, reference, fitted, task, failing, first, nearest, said, changed)


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


def _compared(
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


def _mistaken(
    subject: EstimatorSubject,
    reference: EstimatorReference,
    fitted: Fitted,
    task: Task,
    own: list[dict[str, Any]],
    first: Comparison,
    nearest: float,
    said: str,
    changed: Mapping[str, Any],
) -> Outcome:
    """Name the known mistake that gives these answers; without one say how far they are off."""
    where = f"{first.where}, with {said}"
    is_vague = (
        reference.is_iterative
        and reference.role == "classifier"
        and fitted.probabilities(task.queries) is None
    )
    has_intercept = "intercept" in reference.options and subject.name_of(reference.options["intercept"].names)
    for mistake in () if is_vague else reference.mistakes:
        for options in own:
            if _fits(fitted, task, reference, options, mistake, nearest):
                is_unused = bias_of(fitted.model) == 0.0  # there is one, and it never moved
                if mistake.options.get("intercept") is False and not has_intercept and not is_unused:
                    return warned(
                        "there is no intercept: rows and targets have to be centred before", where=where
                    )
                return failed(
                    mistake.family,
                    expected=first.expected,
                    seen=first.seen,
                    where=where,
                    cause=mistake.sentence,
                    certainty=0.97,
                )
    if reference.is_iterative:
        return _unsettled(subject, reference, task, own, first, where, changed)
    if first.labels_wrong == 0 and first.numbers_wrong < 0.02 and reference.role == "classifier":
        return warned(
            f"probabilities differ by up to {first.numbers_wrong:.2g} from {reference.name}'s", where=where
        )
    if subject.is_library:
        return warned(f"{first.seen}, where {reference.name} says {first.expected}", where=where)
    return failed(
        _family_of(reference),
        expected=first.expected,
        seen=f"{first.seen}; {first.labels_wrong:.0%} of labels differ"
        if reference.role == "classifier"
        else first.seen,
        where=where,
        cause=f"The answers are not those of {reference.name}, in none of its accepted forms.",
        certainty=0.5,
    )


def _family_of(reference: EstimatorReference) -> str:
    if reference.name in ("knn", "nearest-centroid"):
        return "distance"
    if reference.name.endswith("scaler"):
        return "preprocessing"
    return "objective" if reference.name == "ridge" else "forward"


def _fits(
    fitted: Fitted,
    task: Task,
    reference: EstimatorReference,
    options: Mapping[str, Any],
    mistake: Mistake,
    nearest: float,
) -> bool:
    """Whether a mistake explains the answers; for iterations far better than every accepted form does."""
    wrong = {**options, **mistake.options}
    if wrong == options or (mistake.options.get("turned") and not options.get("C")):
        return False
    compared = _compared(fitted, task, reference, wrong)
    if compared is None or not compared.is_close(reference.tolerance, is_iterative=reference.is_iterative):
        return False
    return not reference.is_iterative or compared.numbers_wrong + compared.labels_wrong < 0.2 * nearest


def _unsettled(
    subject: EstimatorSubject,
    reference: EstimatorReference,
    task: Task,
    own: list[dict[str, Any]],
    first: Comparison,
    where: str,
    changed: Mapping[str, Any],
) -> Outcome:
    """Give an iteration more steps: it may have stopped on its way."""
    name = subject.name_of(ITERATIONS)
    steps = subject.parameters.get(name) if name else None
    if isinstance(steps, int) and 0 < steps <= 20000 and name not in changed:
        more = {**changed, str(name): steps * 10}
        tolerance = subject.name_of(("tol", "tolerance"))
        if tolerance:
            more[tolerance] = 1e-9
        longer = subject.fit(task, options=more)
        nearest = np.inf
        for options in own:
            for dialect in ({}, *reference.dialects.values()):
                compared = _compared(longer, task, reference, {**options, **dialect})
                nearest = min(nearest, compared.numbers_wrong + compared.labels_wrong if compared else np.inf)
                if compared and compared.is_close(reference.tolerance, is_iterative=True):
                    return warned(
                        f"stops on its way: {steps} steps are not enough for these data", where=where
                    )
            for mistake in () if longer.probabilities(task.queries) is None else reference.mistakes:
                if _fits(longer, task, reference, options, mistake, nearest):
                    return failed(
                        mistake.family,
                        expected=first.expected,
                        seen=f"{first.seen}; with ten times the steps it is the optimum of another",
                        where=where,
                        cause=mistake.sentence,
                        certainty=0.9,
                    )
    return warned(f"not at the optimum: {first.seen}, where it is {first.expected}", where=where)
