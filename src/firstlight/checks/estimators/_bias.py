"""K28: what is called a bias is learnt."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["bias_is_learnt", "bias_of"]

NAMES = ("intercept_", "intercept", "bias_", "bias", "b_", "b")
SHIFT = 0.7  # of all features: lines through zero do not go through the middle of the classes then


def bias_of(model: Any) -> float | None:
    """Return how large its bias is, or ``None`` where it has none by any usual name."""
    for name in NAMES:
        found = getattr(model, name, None)
        if found is None or callable(found) or isinstance(found, (str, bool)):
            continue
        try:
            return float(np.abs(np.asarray(found, dtype=np.float64)).max())
        except (TypeError, ValueError):
            continue
    return None


@question("K28", "the bias is learnt", families=("objective",), roles=("classifier", "regressor"))
def bias_is_learnt(subject: EstimatorSubject) -> Outcome:
    """Fit rows whose middle is not zero: a bias that is there has to move away from zero."""
    if subject.is_library or any(name in subject.parameters for name in NAMES):
        return skipped("asked where a bias is learnt, and is no option")
    if subject.name_of(("fit_intercept", "add_intercept", "use_bias")):
        return skipped("it can be told to have none")
    task = subject.hard_task
    if subject.probe.form.values == "counts":
        return skipped("asked of numbers of both signs")
    moved = Task(task.X + SHIFT, task.y, task.queries + SHIFT, task.truth)
    size = bias_of(subject.fit(moved).model)
    if size is None:
        return skipped("it has no bias by any usual name")
    if size > 0:
        return passed(f"it has moved to {size:.3g}")
    return failed(
        "objective",
        expected="a bias away from zero: neither the classes nor the features are balanced",
        seen="exactly 0 after fit",
        where="bias",
        cause="The bias is made and never updated: the boundary goes through zero.",
        certainty=0.8,
    )
