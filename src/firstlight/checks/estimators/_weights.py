"""K2: a row of weight 3 is three copies of it, one of weight 0 is not there."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject

__all__ = ["weights_are_copies"]


@question("K2", "weights are copies of rows", families=("sample-weight",), roles=("classifier", "regressor"))
def weights_are_copies(subject: EstimatorSubject) -> Outcome:
    """Compare weights 0, 1 and 4 with none, one and four copies of the rows."""
    if subject.weight_name is None:
        return skipped("fit takes no sample_weight")
    if subject.given.declares.get("sample_weight") == "importance":
        return skipped("declared to be no copies")
    if subject.is_random:
        return skipped("it draws random numbers")
    task = subject.hard_task
    weights = np.random.default_rng(2).choice([0.0, 1.0, 4.0], len(task.X))
    rows = np.repeat(np.arange(len(task.X)), weights.astype(int))
    copies = Task(task.X[rows], task.y[rows], task.queries, task.truth)
    plain = subject.numbers(subject.fit(task), task.queries)
    weighted = subject.numbers(subject.fit(task, row_weights=weights), task.queries)
    copied = subject.numbers(subject.fit(copies), task.queries)
    if not plain.shape == weighted.shape == copied.shape:
        return warned("weights change the shape of the answers")
    effect, wrong = np.abs(copied - plain), np.abs(copied - weighted)
    spread = copied.std() + 1e-9
    if wrong.max() < 0.02 * spread or wrong.mean() < 0.02 * effect.mean():
        return passed(f"within {wrong.max():.2g} of copies, which move answers by {effect.max():.2g}")
    is_ignored = bool(np.abs(weighted - plain).max() < 1e-9 * spread)
    if effect.mean() < 1e-3 * spread:
        return warned("copies of rows hardly change the answers: nothing can be seen")
    row = int(wrong.max(axis=1).argmax())
    is_far = wrong.mean() > 0.25 * effect.mean()
    if is_ignored or (is_far and not subject.is_library):
        return failed(
            "sample-weight",
            expected=f"{np.round(copied[row], 5)}, as with copies",
            seen=f"{np.round(weighted[row], 5)} with weights",
            where=f"query {row}, weights 0, 1 and 4",
            cause="Weights are accepted and change nothing."
            if is_ignored
            else "Weights enter some sums and not others: counts, means, variances and priors all need them.",
            certainty=0.93,
        )
    return warned(f"weights differ from copies by up to {wrong.max():.2g}", where=f"query {row}")
