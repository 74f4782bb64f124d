"""K16: the same seed gives the same model."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["same_seed_same_model"]


@question("K16", "the same seed gives the same model", families=("determinism",))
def same_seed_same_model(subject: EstimatorSubject) -> Outcome:
    """Fit twice with one seed, the global generators being elsewhere the second time."""
    task = subject.hard_task
    has_seed = subject.seed_name is not None
    first, second = (
        subject.numbers(subject.fit(task, seed=3, around=around), task.queries)
        for around in ((1, 2) if has_seed else (1, 1))
    )
    if first.shape == second.shape and np.allclose(first, second, rtol=1e-4, atol=1e-5, equal_nan=True):
        return passed("bit for bit the same answers" if np.array_equal(first, second) else "the same answers")
    if not has_seed:
        return warned("two fits differ and no option seeds it: its results cannot be repeated")
    is_far = first.shape != second.shape or (np.abs(first - second).max(axis=1) > 0.04).mean() > 0.15
    if subject.is_library or subject.role in ("clusterer", "transformer") or not is_far:
        return warned(f"two fits with {subject.seed_name}=3 differ")
    row = int(np.abs(first - second).max(axis=1).argmax()) if first.shape == second.shape else 0
    return failed(
        "determinism",
        expected=f"the same answers from two fits with {subject.seed_name}=3",
        seen=f"{first[row]} and {second[row]}",
        where=f"query {row}",
        cause=f"Random numbers are drawn from a generator that {subject.seed_name} does not seed.",
        hint=f"Draw all of them from np.random.default_rng({subject.seed_name}), made in fit.",
        certainty=0.9,
    )
