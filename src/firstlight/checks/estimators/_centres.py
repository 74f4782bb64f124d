"""K23: centres of k-means are the means of their rows, and groups those of the nearest centre."""

from __future__ import annotations

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task, labels_of
from firstlight.checks.estimators._grouped import centres_of, hard_rows, squares, with_groups
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.references.estimators import ITERATIONS

__all__ = ["centres_are_means"]

INERTIA = ("inertia_", "inertia", "sse", "sse_", "wcss", "wcss_")


@question(
    "K23",
    "centres are the means of their rows",
    families=("objective", "distance"),
    roles=("clusterer",),
    like=("kmeans",),
)
def centres_are_means(subject: EstimatorSubject) -> Outcome:
    """Hold groups, centres and the inertia that it claims against each other."""
    task = hard_rows(0)
    fitted = subject.fit(task, options=with_groups(subject, 5))
    centres, groups = centres_of(fitted), fitted.groups().astype(int)
    if centres is None:
        return skipped("its centres are not known by any usual name")
    if not np.isfinite(centres).all():
        return failed(
            "numerical-stability",
            expected="finite centres",
            seen=f"centre {int(np.argwhere(~np.isfinite(centres))[0][0])} is NaN",
            where="centres after fit",
            cause="A group without rows has no mean: dividing by zero.",
            hint="Put an empty group's centre on the row that is farthest from its own.",
            certainty=0.9,
        )
    away = squares(task.X, centres)
    best = away.min(axis=1)
    own = away[np.arange(len(groups)), np.clip(groups, 0, len(centres) - 1)]
    far = own > best * (1 + 1e-6) + 1e-9
    found = None if subject.is_library else _not_nearest(fitted, task, centres, groups, far)
    return found or _without_rows(subject, task) or _claimed(subject, fitted, float(own.sum()), best, task)


def _not_nearest(
    fitted: Fitted, task: Task, centres: np.ndarray, groups: np.ndarray, far: np.ndarray
) -> Outcome | None:
    """Ask many places all over; groups of training rows may be those of the last but one step."""
    rows, seen = task.X, groups
    if hasattr(fitted.model, "predict"):
        rows = np.random.default_rng(1).uniform(-3, 3, (400, task.X.shape[1]))
        seen = labels_of(fitted.answers(rows)).astype(int)
    elif far.mean() <= 0.1:
        return None
    euclidean = squares(rows, centres).argmin(axis=1)
    wrong = float((seen != euclidean).mean())
    if wrong < 0.02:
        return None
    absolute = np.abs(rows[:, None] - centres[None]).sum(axis=2).argmin(axis=1)
    is_absolute = float((absolute == seen).mean()) > 0.98
    return failed(
        "distance",
        expected="each row is in the group of its nearest centre",
        seen=f"{wrong:.0%} of rows are not"
        + ("; by sums of absolute differences they are" if is_absolute else ""),
        where=f"row {int(np.flatnonzero(seen != euclidean)[0])}",
        cause="Distances are sums of absolute differences (Manhattan), not Euclidean."
        if is_absolute
        else "Groups and centres do not belong together.",
        certainty=0.95 if is_absolute else 0.6,
    )


def _without_rows(subject: EstimatorSubject, task: Task) -> Outcome | None:
    """With many groups some are empty now and then: their centres have to stay numbers."""
    changed = with_groups(subject, 14)
    if not changed:
        return None
    for seed in range(5):
        try:
            centres = centres_of(subject.fit(task, seed=seed, around=seed, options=changed))
        except TargetBroke:
            return None
        if centres is not None and not np.isfinite(centres).all():
            return failed(
                "numerical-stability",
                expected="finite centres",
                seen=f"centre {int(np.argwhere(~np.isfinite(centres))[0][0])} is NaN",
                where=f"14 groups, seed {seed}",
                cause="A group without rows has no mean: it divides by zero.",
                hint="Keep an empty group's centre, or put it on the row that is farthest from its own.",
                certainty=0.95,
            )
    return None


def _claimed(
    subject: EstimatorSubject,
    fitted: Fitted,
    inertia: float,
    best: np.ndarray,
    task: Task,
) -> Outcome:
    claimed = fitted.own(INERTIA)
    if claimed is not None and claimed.size == 1 and not subject.is_library:
        seen = float(claimed.ravel()[0])
        ways = {
            "the sum of distances, not of their squares": float(np.sqrt(best).sum()),
        }
        accepted = (inertia, float(best.sum()), inertia / len(best), float(best.sum()) / len(best))
        if not any(np.isclose(seen, value, rtol=0.05) for value in accepted):
            for words, value in ways.items():
                if np.isclose(seen, value, rtol=0.01) or np.isclose(seen, value / len(best), rtol=0.01):
                    return failed(
                        "distance",
                        expected=f"inertia {inertia:.6g}, the sum of squared distances",
                        seen=f"{seen:.6g}",
                        where="inertia after fit",
                        cause=f"It is {words}.",
                        certainty=0.9,
                    )
            return warned(f"the inertia it claims is {seen:.6g}; from its centres it is {inertia:.6g}")
    return _at_fixed_point(subject, task)


def _at_fixed_point(subject: EstimatorSubject, task: Task) -> Outcome:
    """After many steps each centre is the mean of its rows."""
    steps = subject.name_of(ITERATIONS)
    changed = with_groups(subject, 5)
    if steps is not None and steps not in subject.given.args:
        changed[steps] = 300
    fitted = subject.fit(task, options=changed)
    centres = centres_of(fitted)
    assert centres is not None
    nearest = squares(task.X, centres).argmin(axis=1)
    used = np.unique(nearest)
    means = np.stack([task.X[nearest == one].mean(axis=0) for one in used])
    away = np.abs(means - centres[used]).max()
    if away < 0.02:
        return passed(f"centres are the means of their rows, within {away:.2g}")
    medians = np.stack([np.median(task.X[nearest == one], axis=0) for one in used])
    if np.abs(medians - centres[used]).max() < 0.02:
        return failed(
            "objective",
            expected="the mean of each group's rows",
            seen="its median",
            where="centres after fit",
            cause="Medians are taken: that is k-medians.",
            certainty=0.95,
        )
    if subject.is_library or away < 0.15 or "mini" in type(subject.sample).__name__.lower():
        return warned(f"centres are up to {away:.2g} away from the means of their rows")
    return failed(
        "objective",
        expected="the mean of each group's rows",
        seen=f"up to {away:.3g} away from it, after 300 steps",
        where=f"centre {int(used[np.abs(means - centres[used]).max(axis=1).argmax()])}",
        cause="Centres are not moved to the means, or rows are grouped by another distance.",
        certainty=0.6,
    )
