"""K25: a network with a hidden layer is not a straight line."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS

__all__ = ["bends"]


@question("K25", "can bend a line", families=("capacity", "backward"), roles=("classifier",), like=("mlp",))
def bends(subject: EstimatorSubject) -> Outcome:
    """Look whether log-odds are a straight line of the features: then hidden layers do nothing."""
    task = subject.hard_task
    frozen = _frozen(subject)
    if frozen:
        return failed(
            "backward",
            expected="weights that move with the number of steps",
            seen=f"{frozen} is the same after one step and after thirty, and begins at random",
            where=frozen,
            cause="No gradient reaches this layer, or its update is missing.",
            certainty=0.9,
        )
    fitted = subject.fit(task)
    shares = fitted.probabilities(task.queries)
    if shares is None or shares.shape[1] < 2:
        return skipped("no probabilities to look at")
    inside = (shares[:, :2] > 1e-6).all(axis=1)
    if inside.sum() < 15:
        return skipped("its probabilities are nearly all 0 or 1")
    if subject.parameters.get("activation") in ("identity", "linear"):
        return skipped("it is told to be linear")
    logits = np.log(shares[inside, 1]) - np.log(shares[inside, 0])
    wide = np.hstack([task.queries[inside], np.ones((int(inside.sum()), 1))])
    if len(wide) <= wide.shape[1] + 4:
        return skipped("too few rows")
    left = logits - wide @ np.linalg.lstsq(wide, logits, rcond=None)[0]
    bent = float(np.abs(left).max() / (np.abs(logits).max() + 1e-12))
    if bent > 1e-5:
        return _exclusive_or(subject, bent)
    return failed(
        "capacity",
        expected="log-odds that bend somewhere",
        seen=f"a straight line of the features, to {bent:.1g} of its size",
        where="the hidden layer",
        cause="There is no activation between the layers, or an identity: the network is a linear model.",
        hint="Put a ReLU or tanh after each hidden layer.",
        certainty=0.95,
    )


def _frozen(subject: EstimatorSubject) -> str | None:
    """Return the name of a matrix that is drawn and never moves."""
    name = subject.name_of(ITERATIONS)
    if name is None or name in subject.given.args or subject.seed_name is None or subject.is_library:
        return None
    try:
        few, many, other = (
            _matrices(subject.fit(subject.hard_task, seed=seed, around=seed, options={name: steps}).model)
            for seed, steps in ((1, 1), (1, 30), (2, 1))
        )
    except TargetBroke:
        return None
    for key, matrix in few.items():
        is_same = key in many and np.array_equal(many[key], matrix)
        if is_same and key in other and not np.array_equal(other[key], matrix):
            return key
    return None


def _matrices(model: Any) -> dict[str, np.ndarray]:
    found = {}
    for name, value in getattr(model, "__dict__", {}).items():
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, np.ndarray) and one.ndim == 2 and one.dtype.kind == "f" and min(one.shape) > 1:
                found[f"{name}[{place}]" if isinstance(value, list) else name] = one
    return found


def _exclusive_or(subject: EstimatorSubject, bent: float) -> Outcome:
    if subject.probe.form.features != 6 or subject.probe.form.labels == "none":
        return passed(f"log-odds bend by {bent:.2g} of their size")
    random = np.random.default_rng(8)
    X = random.uniform(-1, 1, (800, 6))
    y = ((X[:, 0] > 0) ^ (X[:, 1] > 0)).astype(int)
    task = Task(X, y, X, y)
    from dataclasses import replace

    form = replace(subject.probe.form, classes=2)
    share = float((subject.fit(task, form=form).labels(X) == y).mean())
    if share < 0.75:
        return warned(f"exclusive or of two features is not learnt in its number of steps: {share:.0%} right")
    return passed(f"exclusive or of two features is learnt: {share:.0%} right")
