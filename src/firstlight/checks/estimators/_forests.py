"""K10: a forest's trees differ, draw rows, and draw features anew at each split, from all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.estimators._fitted import Fitted
from firstlight.checks.estimators._forms import Task
from firstlight.checks.estimators._question import question
from firstlight.checks.estimators._subject import MISSING, EstimatorSubject

__all__ = ["draws_features_and_rows"]

FORESTS = ("random-forest", "extra-trees")
MANY, ROWS = 12, 160  # features and rows of a task in which each feature says the same
MOST_FORESTS = 9  # to be made until luck is out of the question
ALPHA = 1e-4  # how often luck leaves a feature out of them all
FEATURE = (
    "feature",
    "feature_index",
    "feature_idx",
    "feat",
    "feature_i",
    "split_feature",
    "feat_idx",
    "column",
    "col",
    "index",
    "j",
    "f",
)
SUBSETS = (
    "feature_indices",
    "features",
    "feature_subset",
    "feature_idxs",
    "feat_idx",
    "features_idx",
    "feature_ids",
    "cols",
    "columns",
    "col_idx",
    "idxs",
)


@question(
    "K10",
    "draws features and rows as it says",
    families=("capacity", "determinism", "initialisation"),
    roles=("classifier",),
    like=FORESTS,
    instrument="statistical",
    seconds=60,
)
def draws_features_and_rows(subject: EstimatorSubject) -> Outcome:
    """Give it features that all say the same; look at which ones matter, and at what it knows by heart."""
    assert subject.reference is not None
    options = subject.reference.options
    trees = subject.name_of(options["trees"].names)
    if trees is None or (trees in subject.given.args and subject.given.args[trees] == 1):
        return skipped("the number of trees cannot be set")
    if subject.probe.form.features != 6:
        return skipped("it takes a fixed number of features")
    return (
        _which_features(subject, trees)
        or _each_split(subject, trees)
        or _which_rows(subject, trees)
        or passed("all features are used, at each split others, and trees differ")
    )


def _even(subject: EstimatorSubject, seed: int) -> Task:
    """Each of the features says a little of the class, and as much as any other."""
    random = np.random.default_rng([seed, 77])
    y = random.permutation(np.arange(ROWS) % subject.probe.form.classes)
    X = random.standard_normal((ROWS, MANY)) + 0.7 * y[:, None]
    if subject.probe.form.values == "counts":
        X = np.abs(np.round(3 * X))
    return Task(X, y, X[:60], y[:60])


def _effects(fitted: Fitted, task: Task, seed: int) -> np.ndarray:
    """In how many answers each feature matters: those that change when it is shuffled."""
    random = np.random.default_rng([seed, 78])
    shares = fitted.probabilities(task.X)
    answer = fitted.probabilities if shares is not None else fitted.labels
    before = np.asarray(answer(task.X)).reshape(len(task.X), -1)
    found = []
    for feature in range(task.X.shape[1]):
        other = task.X.copy()
        other[:, feature] = random.permutation(other[:, feature])
        after = np.asarray(answer(other)).reshape(len(task.X), -1)
        found.append(float((np.abs(after - before).max(axis=1) > 1e-12).mean()))
    return np.array(found)


def _which_features(subject: EstimatorSubject, trees: str) -> Outcome | None:
    effects: list[np.ndarray] = []
    for seed in range(MOST_FORESTS):
        task = _even(subject, seed)
        effects.append(_effects(subject.fit(task, seed=seed, around=seed, options={trees: 12}), task, seed))
        found = np.array(effects)
        never = np.flatnonzero((found == 0).all(axis=0))
        used = MANY - len(never)
        if len(never) == 0 or used == 0:
            return None
        # Would each fit draw used features of MANY at random, one would be left out of all so often.
        each = (found > 0).sum(axis=1).mean()
        chance = MANY * (1 - each / MANY) ** len(effects)
        is_low = int(never.min()) >= used
        is_same = is_low and len(never) >= 2 and each >= 2 and (found > 0).std(axis=0).max() == 0
        if len(effects) >= 3 and (chance <= ALPHA or is_same):
            break
    else:
        return None
    return failed(
        "capacity",
        expected=f"each of {MANY} features, which all say the same, is used by some tree",
        seen=f"features {never.tolist()} are never used in {len(effects)} forests of 12 trees",
        where=f"feature {never[0]}",
        cause="Features are drawn from the first ones only: the draw's bound is how many to draw."
        if is_low
        else "These features are never drawn.",
        hint="Draw from range(n_features), as many as max_features says.",
        certainty=0.95,
    )


def _each_split(subject: EstimatorSubject, trees: str) -> Outcome | None:
    """One tree that may look at few features at a split still uses many: others at each split."""
    assert subject.reference is not None
    option = subject.reference.options["features"]
    name = subject.name_of(option.names)
    if name is None or name in subject.given.args:
        return _by_its_trees(subject, trees)
    used = []
    for seed in range(3):
        task = _even(subject, 10 + seed)
        try:
            fitted = subject.fit(task, seed=seed, around=seed, options={trees: 1, name: 1})
        except TargetBroke:
            return None
        used.append(int((_effects(fitted, task, seed) > 0).sum()))
    if max(used) > 1:
        return None
    if max(used) == 0:
        return None
    return failed(
        "capacity",
        expected="a tree that looks at one feature a split uses many in all",
        seen=f"{used} features used by three trees",
        where=f"{name}=1, {trees}=1",
        cause="Features are drawn once for each tree, not anew at each split.",
        hint="Draw inside the function that looks for the best split.",
        certainty=0.95,
    )


def _by_its_trees(subject: EstimatorSubject, trees: str) -> Outcome | None:
    """Without an option look at the trees: columns that are kept beside each one are drawn for a tree."""
    task = _even(subject, 20)
    fitted = subject.fit(task, options={trees: 6})
    kept = [len(np.ravel(one)) for one in _subsets(fitted.model)]
    if len(kept) >= 6 and max(kept) < MANY and not subject.is_library:
        return failed(
            "capacity",
            expected="features drawn anew at each split",
            seen=f"{len(kept)} trees with their own {kept[0]} of {MANY} features",
            where="the list of trees",
            cause="Features are drawn once for each tree, not anew at each split.",
            hint="Draw inside the function that looks for the best split.",
            certainty=0.9,
        )
    return None


def _subsets(model: Any) -> Iterator[Any]:
    """Yield index arrays that are kept beside trees."""
    for value in getattr(model, "__dict__", {}).values():
        if not isinstance(value, list) or len(value) < 6:
            continue
        for one in value:
            parts = one if isinstance(one, tuple) else [one, *(getattr(one, name, None) for name in SUBSETS)]
            for part in parts:
                is_index = (
                    isinstance(part, (list, np.ndarray)) and np.ndim(part) == 1 and 0 < len(part) < ROWS
                )
                if is_index and np.issubdtype(np.asarray(part).dtype, np.integer) and np.max(part) < MANY:
                    yield part
                    break


def _which_rows(subject: EstimatorSubject, trees: str) -> Outcome | None:
    """What it knows of random labels by heart tells how rows are drawn, and whether trees differ."""
    assert subject.reference is not None
    limits = ("depth", "leaf", "split")
    for key in limits:
        value = subject.value_of(subject.reference.options[key])
        if (
            value is not MISSING
            and value not in (None, 1, 2, 0)
            and not (key == "depth" and float(value) >= 8)
        ):
            return None
    is_stopped = subject.parameters.get("max_leaf_nodes") or subject.parameters.get("ccp_alpha")
    if is_stopped or any(
        name in subject.given.args for name in ("max_samples", "bootstrap", "sample_size", "subsample")
    ):
        return None
    task = _even(subject, 30)
    task = Task(task.X, np.random.default_rng(3).permutation(task.y), task.queries, task.truth)
    answers = {
        many: subject.fit(task, seed=4, around=4, options={trees: many}).labels(np.vstack([task.X, -task.X]))
        for many in (1, 30)
    }
    by_many = {many: float((found[: len(task.y)] == task.y).mean()) for many, found in answers.items()}
    if subject.like == "extra-trees" or subject.is_library:
        return None
    if by_many[1] > 0.985 and by_many[30] > 0.985:
        if subject.parameters.get("bootstrap") is False:
            return None
        return failed(
            "capacity",
            expected="one tree knows about 80 % of random labels: it sees two thirds of the rows",
            seen=f"{by_many[1]:.1%}: it has seen all rows",
            where="rows of one tree",
            cause="Rows are not drawn with replacement: each tree is fitted to all of them.",
            hint="Draw n of n rows with replacement for each tree, and give it these.",
            certainty=0.85,
        )
    if (answers[1] == answers[30]).mean() > 0.99 and len(np.unique(answers[1])) > 1:
        return failed(
            "determinism",
            expected="30 trees know nearly all random labels by heart, each having seen other rows",
            seen=f"{by_many[30]:.1%}, one tree {by_many[1]:.1%}",
            where="tree 2",
            cause="All trees are fitted to the same drawn rows: the generator is seeded anew for each tree.",
            hint="Make the generator once, before the loop over trees.",
            certainty=0.9,
        )
    if by_many[30] < by_many[1] - 0.15:
        return warned(f"30 trees know {by_many[30]:.0%} of the training rows, one tree {by_many[1]:.0%}")
    return None
