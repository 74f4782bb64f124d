"""K8 and K22: fitting anew begins anew, and nothing that was given is changed."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import ALL, question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["inputs_are_unchanged", "refit_begins_anew"]


@question("K8", "fitting anew begins anew", families=("state",))
def refit_begins_anew(subject: EstimatorSubject) -> Outcome:
    """Fit twice, with other names for the classes: nothing of the first may be left."""
    if subject.parameters.get("warm_start") is True:
        return skipped("warm_start is meant to keep what was learnt")
    if subject.role == "classifier":
        found = _other_names(subject)
        if found is not None:
            return found
    if subject.is_random:
        return passed("the second fit learns the new names of the classes")
    return _same_as_new(subject)


def _other_names(subject: EstimatorSubject) -> Outcome | None:
    task = subject.probe.task
    classes = subject.probe.form.classes
    other = np.roll(np.arange(classes), 1)
    turned = Task(task.X, other[task.y], task.queries, other[task.truth])
    fresh = float((subject.fit(turned).labels(task.queries) == turned.truth).mean())
    model = subject.fit(task).model
    again = float((subject.fit(turned, into=model).labels(task.queries) == turned.truth).mean())
    if fresh < 0.9 or again >= 0.75:
        return None
    return _kept(subject, f"{fresh:.0%} right", f"{again:.0%} right after an earlier fit", "the second fit")


def _same_as_new(subject: EstimatorSubject) -> Outcome:
    first, second = subject.overlapping(seed=1), subject.hard_task
    if subject.role not in ("classifier", "regressor"):
        first = Task(
            3 * first.X + (0 if subject.probe.form.values == "counts" else 2),
            first.y,
            first.queries,
            first.truth,
        )
    expected = subject.numbers(subject.fit(second), second.queries)
    model = subject.fit(first).model
    seen = subject.numbers(subject.fit(second, into=model), second.queries)
    if seen.shape == expected.shape and np.allclose(seen, expected, rtol=1e-4, atol=1e-6, equal_nan=True):
        return passed("a second fit answers as a first one does")
    if subject.role == "clusterer":
        return warned("a second fit groups otherwise than a first one")
    is_far = seen.shape != expected.shape or _share_far(seen, expected) > 0.1
    if not is_far:
        return warned("a second fit answers a little otherwise than a first one")
    row = 0 if seen.shape != expected.shape else int(np.abs(seen - expected).max(axis=1).argmax())
    return _kept(
        subject, f"{expected[row]}", f"{seen[row]} after an earlier fit to other rows", f"query {row}"
    )


def _share_far(seen: np.ndarray, expected: np.ndarray) -> float:
    spread = expected.std() + 1e-9
    return float((np.abs(seen - expected).max(axis=1) > 0.05 * spread).mean())


def _kept(subject: EstimatorSubject, expected: str, seen: str, where: str) -> Outcome:
    if subject.is_library or _learns_from_its_making(subject.make()):
        return warned(f"a second fit goes on from the first: {seen}, {expected} when it is new")
    return failed(
        "state",
        expected=f"{expected}, as when it is new",
        seen=seen,
        where=where,
        cause="Something of the first fit is still there: a list that grows, or sums that are not reset.",
        hint="Set everything that fit learns at the beginning of fit, not in __init__.",
        certainty=0.9,
    )


def _learns_from_its_making(model: Any, depth: int = 4) -> bool:
    """Whether weights are there before fit: then fit is meant to go on from them."""
    if isinstance(model, np.ndarray):
        return model.size > 1 and model.dtype.kind == "f"
    if hasattr(model, "parameters") and hasattr(model, "state_dict"):
        return True
    if type(model).__module__.startswith("torch"):
        return type(model).__name__ in ("Tensor", "Parameter")
    if depth < 0:
        return False
    if isinstance(model, dict):
        inner = list(model.values())
    elif isinstance(model, (list, tuple)):
        inner = list(model)
    else:
        inner = list(getattr(model, "__dict__", {}).values())
    return any(_learns_from_its_making(one, depth - 1) for one in inner[:50])


@question("K22", "rows and labels that are given stay as they are", families=("aliasing",), roles=ALL)
def inputs_are_unchanged(subject: EstimatorSubject) -> Outcome:
    """Compare rows and labels before and after fit, predict and transform."""
    options = subject.parameters
    if any(options.get(name) is False for name in ("copy", "copy_x", "copy_X")) or options.get("overwrite_x"):
        return skipped("it is told that it may write on them")
    task, form = subject.hard_task, subject.probe.form
    model = subject.make()
    fitted = subject.probe.fitted
    assert fitted is not None
    rows, labels, queries = task.X.copy(), np.array(form.encoded(task.y)), task.queries.copy()
    before = labels.copy()
    method = getattr(model, "fit", None) or model.fit_predict
    back = fitted.called(method, *((rows, labels) if subject.needs_labels else (rows,)))
    model = back if back is not None and type(back) is type(model) else model
    if not np.array_equal(rows, task.X):
        return _written("fit", "X", rows, task.X)
    if not np.array_equal(labels, before):
        return _written("fit", "y", labels.reshape(len(labels), -1), before.reshape(len(before), -1))
    for name in ("predict", "predict_proba", "transform"):
        if callable(getattr(model, name, None)) and not (name == "predict" and subject.role == "transformer"):
            fitted.called(getattr(model, name), queries)
            if not np.array_equal(queries, task.queries):
                return _written(name, "X", queries, task.queries)
    return passed("bit for bit, after fit and each way to ask")


def _written(method: str, name: str, seen: np.ndarray, expected: np.ndarray) -> Outcome:
    row, column = np.argwhere(seen != expected)[0]
    return failed(
        "aliasing",
        expected=f"{name}[{row}, {column}] stays {expected[row, column]:.6g}",
        seen=f"{seen[row, column]:.6g} after {method}",
        where=f"{method}, {name}[{row}, {column}]",
        cause=f"{method} writes into the array it is given (-=, /=, sort, or a slice that is assigned to).",
        hint=f"Work on a new array: {name} = {name} - mean, not {name} -= mean.",
        certainty=0.95,
    )
