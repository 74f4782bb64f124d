"""K12: what k-means, mixtures and boosting minimise goes down with each step."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._boosting import loss_by_rounds
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._grouped import hard_rows, inertia_of, with_groups
from firstlight.checks.estimators._mixture import minus_likelihood
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS

__all__ = ["objective_goes_down"]

STEPS = (1, 2, 3, 5, 8, 20)


@question(
    "K12",
    "what it minimises goes down",
    families=("objective",),
    like=("kmeans", "gmm", "gradient-boosting", "adaboost"),
)
def objective_goes_down(subject: EstimatorSubject) -> Outcome:
    """Give it more and more steps from the same beginning."""
    if subject.like in ("gradient-boosting", "adaboost"):
        return loss_by_rounds(subject)
    name = subject.name_of(ITERATIONS)
    if name is None or name in subject.given.args or "mini" in type(subject.sample).__name__.lower():
        return skipped("the number of its steps cannot be set, or its steps need not go down")
    for seed in (0, 1, 2):
        task = hard_rows(seed)
        values = _values(subject, task, name)
        if values is None or len(values) < 3:
            return skipped("neither its centres nor its likelihood are known by any usual name")
        again = _values(subject, task, name, few=True)
        if again is None or not np.allclose(again, values[: len(again)], rtol=1e-6):
            return skipped("each fit begins elsewhere")
        rises = np.diff(values) > 0.01 * np.abs(values[:-1]) + 1e-6
        if rises.any():
            step = int(np.flatnonzero(rises)[0])
            if subject.is_library:
                return warned(f"it rises from {values[step]:.6g} to {values[step + 1]:.6g}")
            return failed(
                "objective",
                expected=f"after {STEPS[step + 1]} steps no more than {values[step]:.6g}",
                seen=f"{values[step + 1]:.6g}",
                where=f"between step {STEPS[step]} and {STEPS[step + 1]}, data set {seed}",
                cause="One of the two half-steps does not minimise what the other one does.",
                certainty=0.7,
            )
    return passed(f"never up in {len(STEPS)} looks at three data sets")


def _values(subject: EstimatorSubject, task: Task, name: str, *, few: bool = False) -> np.ndarray | None:
    found = []
    for steps in STEPS[:2] if few else STEPS:
        try:
            fitted = subject.fit(task, options={name: steps, **with_groups(subject, 5)})
        except TargetBroke:
            return None
        value = minus_likelihood(fitted, task) if subject.like == "gmm" else inertia_of(fitted, task)
        if value is None or not np.isfinite(value):
            return None
        found.append(value)
    return np.array(found)
