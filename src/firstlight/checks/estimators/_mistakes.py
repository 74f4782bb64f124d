"""What is wrong where answers differ: the known mistake that gives them, or how far they are off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, warned
from firstlight.checks.estimators._bias import bias_of
from firstlight.checks.estimators._comparison import Comparison, compared_with
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS, EstimatorReference, Mistake

__all__ = ["named_mistake"]


def named_mistake(
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
                if mistake.is_choice and subject.guess is not None:
                    return warned(f"{mistake.sentence} That may be meant.", where=where)
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
    compared = compared_with(fitted, task, reference, wrong)
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
                compared = compared_with(longer, task, reference, {**options, **dialect})
                nearest = min(nearest, compared.numbers_wrong + compared.labels_wrong if compared else np.inf)
                if compared and compared.is_close(reference.tolerance, is_iterative=True):
                    return warned(
                        f"stops on its way: {steps} steps are not enough for these data", where=where
                    )
            for mistake in () if longer.probabilities(task.queries) is None else reference.mistakes:
                if _fits(longer, task, reference, options, mistake, nearest):
                    if mistake.is_choice and subject.guess is not None:
                        return warned(f"{mistake.sentence} That may be meant.", where=where)
                    return failed(
                        mistake.family,
                        expected=first.expected,
                        seen=f"{first.seen}; with ten times the steps it is the optimum of another",
                        where=where,
                        cause=mistake.sentence,
                        certainty=0.9,
                    )
    return warned(f"not at the optimum: {first.seen}, where it is {first.expected}", where=where)
